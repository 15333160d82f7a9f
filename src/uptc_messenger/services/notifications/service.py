"""Everything about telling people, made once for a server."""

from dataclasses import dataclass

from uptc_messenger.database import Database
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.notifications.pushing import Pusher
from uptc_messenger.services.notifications.secrets import Secrets, prepare
from uptc_messenger.services.notifications.vapid import Vapid
from uptc_messenger.toolkit.clock import Clock

NOBODY = "https://example.invalid"
"""Whom push services may write to where neither a contact nor a public address is configured."""


@dataclass(frozen=True, slots=True)
class Notifications:
    """What controllers and the worker use; `close` lets the connections go."""

    config: NotifyConfig
    mail: MailConfig
    secrets: Secrets
    vapid: Vapid
    pusher: Pusher

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
    return Notifications(config=config, mail=mail, secrets=secrets, vapid=vapid, pusher=pusher)
