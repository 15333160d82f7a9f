"""This node among the others: what it says to them, and what it reads because of them."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from math import inf
from typing import Final

from uptc_messenger.controllers.mending import Mender
from uptc_messenger.controllers.renewing import Renewal, RenewalParts
from uptc_messenger.controllers.sweeping import Sweeping
from uptc_messenger.controllers.watching import Watch, WatchParts
from uptc_messenger.database import Database, activity
from uptc_messenger.database.clocks import check_clock
from uptc_messenger.database.installation import identify
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.events import EndSessions
from uptc_messenger.services.auth import AuthService, Revocations
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.twins import Twins
from uptc_messenger.services.websocket.vigil import Vigil
from uptc_messenger.toolkit.clock import SharedClock, steady_clock, wall_clock
from uptc_messenger.toolkit.ids import uuid7
from uptc_messenger.toolkit.tasks import TaskGroup

_CLOCK_S: Final = 5.0
_TICK_S: Final = 1.0


class Cluster:
    """A node's part in a cluster, or a node by itself; the relay's `Surroundings`."""

    def __init__(
        self, config: BusConfig, auth: AuthService, hub: Hub, database: Database, clock: SharedClock
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._tasks = TaskGroup("cluster")
        self._auth, self._database = auth, database
        self.hub, self.clock = hub, clock
        self.node = database.witness.node if database.witness else uuid7()
        self.renewed: Callable[[str], None] = lambda _: None
        """Called with the name of the log where that may be another."""

        self.woken: Callable[[], None] = lambda: None
        """Called when a node that slept knows again who may hear what."""

        self._elsewhere: Elsewhere | None = None
        self.vigil = Vigil(self.now(), alone=config.alone)
        self.mender = Mender(database, hub)
        self.revocations = Revocations(database, self.live_sessions, self.end_sessions)
        self.watch = Watch(
            WatchParts(
                database=database,
                hub=hub,
                vigil=self.vigil,
                clock=clock,
                revoked=self.revocations.check,
                woken=self._wake,
            )
        )
        self.relay = Relay(hub, self.vigil, self)
        self.twins = Twins(self.relay)
        self.broker = None if config.alone else NatsBroker(config, self.twins)
        self.renewal = self._renewal(database)
        self.sweeping = Sweeping(database, clock, self.node, self.relay.sweep)
        hub.awake = lambda: self.vigil.notice(self.now())
        if self.broker is not None:
            self.relay.connect(self.broker)

    async def join(self, *, sweeps: bool = True) -> None:
        """Connect to the others, and watch with them; raises `BusError` or `SchemaError`."""
        await check_clock(self._database, wall_clock)
        identity = await identify(self._database)
        if self.renewal is not None:
            self.renewal.begin(identity.log_epoch)
            self._tasks.start("renewal", self.renewal.run())
        if self.broker is not None:
            await self._set_clock()
            self.broker.scope = f"{identity.installation_id}."
            self.twins.connect(self.broker, await self._database.read(activity.fingerprint))
            await self.broker.open()
            await self.twins.listen()
            if sweeps:
                self._tasks.start("sweep", self.sweeping.run())
            self._tasks.start("clock", self._run_clock())
        self._tasks.start("ticks", self._run_ticks())
        self._tasks.start("watch", self.watch.run())
        self._tasks.start("revocations", self.revocations.run())

    async def close(self) -> None:
        """Say what is still to be said, and leave."""
        await self._tasks.close()
        with suppress(Problem):  # the lease expires by itself
            await self.sweeping.release()
            if self.renewal is not None:
                await self.renewal.leave()
        if self.broker is not None:
            self.relay.leave()
            await self.broker.close()
        await self.mender.close()

    @property
    def leads(self) -> bool:
        """Whether what one node does for all is for this one to do."""
        return self.broker is None or self.sweeping.holding

    def connect(
        self, elsewhere: Elsewhere, woken: Callable[[], None], renewed: Callable[[str], None]
    ) -> None:
        """The sockets of this node: whom they show, what to do after a sleep, and with a log."""
        self.woken, self.renewed, self._elsewhere = woken, renewed, elsewhere
        self.relay.present(elsewhere, self.node)

    def now(self) -> float:
        return self._loop.time()

    def lag(self) -> float:
        """How old what is surely known here is, in seconds; infinite where nothing is sure."""
        known = self.vigil.watermark(self.clock)
        return inf if known is None else max(self.clock() - known, 0) / 1000

    def ask_members(self, chat_id: ChatId) -> None:
        self.mender.ask_members(self.relay, chat_id)

    def live_sessions(self) -> dict[SessionId, UserId]:
        """The sessions that this node believes in or serves, and whose they are."""
        return {**self._auth.believed(), **self.hub.directory.served()}

    def end_sessions(self, ended: Sequence[EndSessions]) -> None:
        """Sessions that another process or node has ended: nothing is believed of them here."""
        self._auth.published(ended)
        for each in ended:
            self.hub.end_sessions(each)

    def _wake(self) -> None:
        self.woken()

    def _renew(self, epoch: str) -> None:
        self.renewed(epoch)

    def _renewal(self, database: Database) -> Renewal | None:
        if database.witness is None:
            return None
        parts = RenewalParts(
            database=database,
            hub=self.hub,
            relay=self.relay,
            vigil=self.vigil,
            twins=self.twins,
            revocations=self.revocations,
            heard=self._heard,
            renewed=self._renew,
        )
        return Renewal(parts, database.witness)

    def _heard(self) -> Collection[str] | None:
        if self.broker is not None and not self.broker.up:
            return None
        return self._elsewhere.peers if self._elsewhere else ()

    async def _run_clock(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_S)
            await self._set_clock()

    async def _run_ticks(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self.relay.tick()

    async def _set_clock(self) -> None:
        asked_at = steady_clock()
        try:
            told = await self._database.read(activity.time)
        except Problem:
            return
        if told is not None:
            self.clock.set(told, asked_at)
