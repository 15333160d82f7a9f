"""Everything about telling people, made once for a server."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from uptc_messenger.database import Database
from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import Publication
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.notifications.delivering import Deliverer
from uptc_messenger.services.notifications.mailing import Mailer
from uptc_messenger.services.notifications.postman import Postman
from uptc_messenger.services.notifications.pushing import Pusher
from uptc_messenger.services.notifications.reading import NewsReader
from uptc_messenger.services.notifications.secrets import Secrets, prepare
from uptc_messenger.services.notifications.spreading import Terms
from uptc_messenger.services.notifications.vapid import Vapid
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.tasks import TaskGroup

NOBODY = "https://example.invalid"
"""Whom push services may write to where neither a contact nor a public address is configured."""


@dataclass(frozen=True, slots=True)
class Notifications:
    """What controllers and the worker use; `close` lets the connections go."""

    config: NotifyConfig
    secrets: Secrets
    vapid: Vapid
    pusher: Pusher
    postman: Postman
    reader: NewsReader
    deliverer: Deliverer

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        self.reader.published(publications)

    def swept(
        self, heads: Iterable[tuple[ChatId, Seq]], people: Iterable[tuple[UserId, Seq]]
    ) -> None:
        """Told which logs moved on any node."""
        self.reader.swept(heads, people)

    def lead(self, ours: Callable[[], bool]) -> None:
        """Whether it is for this node to tell people."""
        self.reader.follower.ours = ours
        self.deliverer.lead(ours)

    def start(self, tasks: TaskGroup) -> None:
        """This node has the role of a worker."""
        tasks.start("news", self.reader.run())
        tasks.start("pushes", self.deliverer.pushes.run())
        tasks.start("letters", self.deliverer.letters.run())

    async def close(self) -> None:
        """Let the connections go."""
        await self.pusher.close()


async def open_notifications(
    database: Database, clock: Clock, config: NotifyConfig, mail: MailConfig, public_url: str
) -> Notifications:
    """Find the secrets, or make them, and put everything together."""
    secrets = await prepare(database)
    contact = config.contact or (public_url if public_url.startswith("https://") else NOBODY)
    vapid = Vapid(secrets.vapid, contact)
    pusher = Pusher(vapid, clock, loopback=config.loopback)
    postman = Postman(database, clock, (config, Mailer(mail, clock)), secrets.mail)
    reader = NewsReader(database, clock, Terms(config=config, mail=mail.on))
    deliverer = Deliverer(database, clock, config, (pusher, postman))
    reader.added = deliverer.wake
    return Notifications(
        config=config,
        secrets=secrets,
        vapid=vapid,
        pusher=pusher,
        postman=postman,
        reader=reader,
        deliverer=deliverer,
    )
