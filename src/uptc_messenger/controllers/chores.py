"""What one node does for all: the index, what is due, telling people, backups, letting go.

Of the nodes with the role of a worker it is the one that sweeps: it holds the lease.
"""

from collections.abc import Callable, Sequence

from uptc_messenger.controllers.cluster import Cluster
from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import Publication
from uptc_messenger.services.backups.schedule import Schedule
from uptc_messenger.services.files.collecting import Collector
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.messages.sender import Sender
from uptc_messenger.services.notifications.service import Notifications
from uptc_messenger.services.previews.previewer import Previewer
from uptc_messenger.services.search.indexing import Indexer
from uptc_messenger.toolkit.tasks import TaskGroup


class Chores:
    """Carried out while this node holds the lease; by a node alone always."""

    def __init__(
        self,
        cluster: Cluster,
        indexer: Indexer,
        sender: Sender,
        schedule: Schedule,
        notifications: Notifications,
    ) -> None:
        self.indexer = indexer
        self.sender = sender
        self._schedule = schedule
        self._collector: Collector | None = None
        self.previewer: Previewer | None = None
        indexer.follower.ours = schedule.ours = sender.ours = lambda: cluster.leads
        self._notifications = notifications
        notifications.lead(lambda: cluster.leads)
        cluster.sweeping.swept = self._swept

    def collects(self, collector: Collector) -> None:
        """Let go of files, too."""
        self._collector = collector
        collector.ours = self.sender.ours
        collector.gone, collector.release = attachments.of_deleted, attachments.release_chat

    def previews(self, previewer: Previewer, here: Callable[[], str]) -> None:
        """Look behind links, too, but those that lead `here`."""
        self.previewer = previewer
        previewer.maker.here = here
        previewer.ours = self.sender.ours

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        self.indexer.published(publications)
        self.sender.published(publications)
        self._notifications.published(publications)
        if self.previewer is not None:
            self.previewer.published(publications)

    def start(self, tasks: TaskGroup) -> None:
        """This node has the role."""
        if self._collector is not None:
            tasks.start("files", self._collector.run())
        self._start_previews(tasks)
        tasks.start("backups", self._schedule.run())
        tasks.start("search", self.indexer.run())
        tasks.start("scheduled", self.sender.run())
        self._notifications.start(tasks)

    def _start_previews(self, tasks: TaskGroup) -> None:
        if self.previewer is not None and self.previewer.on:
            tasks.start("previews.follow", self.previewer.follow())
            for number in range(self.previewer.at_once):
                tasks.start(f"previews.{number}", self.previewer.run())

    def _swept(
        self, heads: Sequence[tuple[ChatId, Seq]], people: Sequence[tuple[UserId, Seq]]
    ) -> None:
        self.indexer.follower.swept(heads)
        self._notifications.swept(heads, people)
        if self.previewer is not None:
            self.previewer.swept(heads)
