"""This node among the others: what it says to them, and what it reads because of them."""

from collections.abc import Sequence

from uptc_messenger.controllers.mending import Mender
from uptc_messenger.database import Database
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.events import EndSessions
from uptc_messenger.services.auth import AuthService, Revocations
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.toolkit.tasks import TaskGroup


class Cluster:
    """A node's part in a cluster, or a node by itself."""

    def __init__(self, config: BusConfig, database: Database, auth: AuthService, hub: Hub) -> None:
        self._auth = auth
        self._hub = hub
        self._tasks = TaskGroup("cluster")
        self.mender = Mender(database, hub)
        self.revocations = Revocations(database, self.live_sessions, self.end_sessions)
        self.broker: NatsBroker | None = None
        self.relay: Relay | None = None
        if not config.alone:
            # The relay asks the mender about its own chats, hence the two steps.
            self.relay = relay = Relay(hub, self.end_sessions, self._ask)
            self.broker = NatsBroker(config, relay)
            relay.connect(self.broker)

    async def join(self) -> None:
        """Connect to the others, and watch with them; raises `BusError`."""
        if self.broker is not None:
            await self.broker.open()
        self._tasks.start("revocations", self.revocations.run())

    def live_sessions(self) -> dict[SessionId, UserId]:
        """The sessions that this node believes in or serves, and whose they are."""
        return {**self._auth.believed(), **self._hub.directory.served()}

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        """Sessions that another process or node has ended: nothing is believed of them here."""
        self._auth.published(ended)
        for each in ended:
            self._hub.end_sessions(each)

    async def close(self) -> None:
        """Say what is still to be said, and leave."""
        if self.broker is not None:
            await self.broker.close()
        await self._tasks.close()
        await self.mender.close()

    def _ask(self, chat_id: ChatId) -> None:
        if self.relay is not None:
            self.mender.ask_members(self.relay, chat_id)
