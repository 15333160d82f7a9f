from dataclasses import dataclass, field
from typing import cast

from tests.core import World, world
from uptc_messenger.controllers.chores import Chores
from uptc_messenger.controllers.cluster import Cluster
from uptc_messenger.services.backups.schedule import Schedule
from uptc_messenger.services.files.collecting import Collector
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.store import Store
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.notifications.service import open_notifications
from uptc_messenger.services.search.indexing import Indexer

__all__ = ["world"]


@dataclass
class Place:
    """As much of a cluster, and of a schedule, as chores see."""

    leads: bool = False
    swept: object = None
    sweeping: "Place" = field(init=False)

    def __post_init__(self) -> None:
        self.sweeping = self

    def ours(self) -> bool:
        return True


async def test_only_the_node_that_leads_indexes_what_any_node_wrote(world: World):
    place, schedule = Place(), Place()
    indexer = Indexer(world.database, world.clock)
    collector = Collector(world.database, cast("Store", None), FilesConfig(), world.clock)
    about = (NotifyConfig(), MailConfig(), "")
    notifications = await open_notifications(world.database, world.clock, *about)
    sender = Sender(world.database, world.clock)
    backups = cast("Schedule", schedule)
    chores = Chores(cast("Cluster", place), indexer, sender, backups, notifications)
    chores.collects(collector)
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "hola")
    chores.published(world.announced)
    assert (indexer.follower.waiting, notifications.reader.follower.waiting) == (0, 0)
    assert not schedule.ours()
    assert not sender.ours()
    assert not collector.ours()
    place.leads = True
    assert schedule.ours()
    assert sender.ours()
    assert collector.ours()
    assert collector.gone is attachments.of_deleted
    assert callable(place.swept)
    place.swept([(chat, 1)], [(ana, 1)])
    assert (indexer.follower.waiting, notifications.reader.follower.waiting) == (1, 1)
    await indexer.catch_up()
    assert indexer.indexed == 1
    await notifications.close()
