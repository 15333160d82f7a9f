"""When the log went back: a server took over that lacks what was acknowledged.

The witness of the database says so of this node's own commits. Here the rest is looked at: what
this node heard others say, and the nodes that did not come to the server that took over. Then
the log has another name, and nothing that was known of positions counts any more.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from uptc_messenger.database import Database, activity, witness
from uptc_messenger.database.lookups import slices
from uptc_messenger.database.witness import Witness
from uptc_messenger.models.base import ChatId, Seq
from uptc_messenger.models.errors import CloseCode, Problem
from uptc_messenger.services.auth import Revocations
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.twins import Twins
from uptc_messenger.services.websocket.vigil import Vigil

EVERY_S: Final = 2.0
_TURNS: Final = 8
"""So often a node must be missed on the bus: longer than its lease there."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RenewalParts:
    """What has to begin anew with the log; `renewed` is told its name."""

    database: Database
    hub: Hub
    relay: Relay
    vigil: Vigil
    twins: Twins
    revocations: Revocations
    heard: Callable[[], Collection[str] | None]
    """The other nodes that live, as the bus says; None while the bus is away."""

    renewed: Callable[[str], None]


class Renewal:
    """One node's part in finding out, and what it does then."""

    def __init__(self, parts: RenewalParts, seen: Witness) -> None:
        self._parts = parts
        self._witness = seen
        self._loop = asyncio.get_running_loop()
        self._known: dict[ChatId, Seq] | None = None
        self._waiting_since: float | None = None
        self._unheard: Counter[str] = Counter()
        self.count = 0
        self.strangers = 0
        """Nodes on this database that are not on this bus."""

        seen.moved, seen.begun = self._moved, self._begun

    def begin(self, epoch: str) -> None:
        """The name of the log as it is now, at the start."""
        self._witness.log_epoch = epoch
        self._parts.renewed(epoch)

    async def run(self) -> None:
        """Look every two seconds until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            with suppress(Problem):  # the database is away: looked at when it is back
                await self.turn()

    async def turn(self) -> None:
        """Show that this node lives, and look once."""
        database, seen = self._parts.database, self._witness
        # A commit of its own: a server that took over is noticed also by who is idle.
        await database.write(lambda tx: witness.tidy(tx, seen.timeline or ""))
        if self._known is not None and await self._is_behind(self._known):
            await database.write(lambda tx: witness.begin_another(tx, seen.log_epoch))
        self._known = None
        await self._account(seen.timeline or "")
        seen.learn(await database.read(witness.log_epoch))
        await self._name_twins()
        self._judge(await database.read(witness.living))

    async def leave(self) -> None:
        """This node ends; nobody has to wait for it."""
        await self._parts.database.write(self._witness.leave)

    async def _account(self, timeline: str) -> None:
        database, now = self._parts.database, self._loop.time()
        if not await database.read(lambda reader: witness.missing(reader, timeline)):
            self._waiting_since = None
            return
        since = self._waiting_since = self._waiting_since or now
        if now - since >= witness.PATIENCE_S:
            epoch = self._witness.log_epoch or ""
            await database.write(lambda tx: witness.account(tx, timeline, epoch))

    async def _is_behind(self, known: dict[ChatId, Seq]) -> bool:
        for part in slices(tuple(known)):
            heads = await self._parts.database.read(lambda r, part=part: chats.heads(r, part))
            if any(head.seq < known[head.chat_id] for head in heads):
                return True
        return False

    async def _name_twins(self) -> None:
        if not self._parts.twins.named:
            self._parts.twins.name(await self._parts.database.read(activity.fingerprint))

    def _judge(self, living: Collection[str]) -> None:
        """Who writes here must be heard: two clusters on one database do not wake each other."""
        heard = self._parts.heard()
        if heard is None:  # nobody can be heard, and it says nothing of them
            self._unheard.clear()
            return
        unheard = set(living) - set(heard) - {self._witness.node}
        self._unheard = Counter({node: self._unheard[node] + 1 for node in unheard})
        strangers = [node for node, turns in self._unheard.items() if turns >= _TURNS]
        if len(strangers) > self.strangers:
            _log.error(
                "NODES WITH ANOTHER BUS HAVE THIS DATABASE OPEN: give all of them the same bus",
                nodes=strangers,
            )
        self.strangers = len(strangers)

    def _moved(self, timeline: str) -> None:
        """The writer is on a server with another history."""
        _log.warning("another database server took over", timeline=timeline)
        rooms = self._parts.hub.directory.rooms.values()
        self._known = {room.chat_id: room.seq for room in rooms}
        self._parts.vigil.doubt(self._loop.time())

    def _begun(self, epoch: str) -> None:
        """Every session ends, and comes back to a log that this node knows nothing of."""
        _log.error(
            "THE LOG WENT BACK: the database lacks what was acknowledged; clients load anew",
            log_epoch=epoch,
        )
        self.count += 1
        self._known = None
        hub = self._parts.hub
        for person in tuple(hub.directory.people.values()):
            for subscriber in tuple(person.subscribers):
                subscriber.end(CloseCode.GOAWAY, "The server has another log; come back.")
                hub.detach(subscriber)
        self._parts.relay.forget()
        self._parts.revocations.doubt()
        self._parts.twins.doubt()
        self._parts.renewed(epoch)
