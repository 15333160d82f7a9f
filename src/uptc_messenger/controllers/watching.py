"""Carries out what the vigil asks for: compares what is followed here with the database."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from uptc_messenger.database import Database
from uptc_messenger.database.lookups import slices
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.vigil import Scope, Vigil
from uptc_messenger.toolkit.clock import Clock

TURN_S: Final = 0.2
_PATIENCE_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class WatchParts:
    """What a watch works with; `revoked` looks for ended sessions, `woken` tells of the end."""

    database: Database
    hub: Hub
    vigil: Vigil
    clock: Clock
    revoked: Callable[[], Awaitable[None]]
    woken: Callable[[], None]


class Watch:
    """Looks into the database when this node cannot trust that it has heard everything."""

    def __init__(self, parts: WatchParts) -> None:
        self._parts = parts
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            await asyncio.sleep(TURN_S)
            scope = self._parts.vigil.turn(self._loop.time())
            if scope is not None:
                await self.compare(scope)

    async def compare(self, scope: Scope) -> None:
        """Learn every head that matters; after a sleep first who may still hear anything."""
        vigil = self._parts.vigil
        asleep, at, well = not vigil.awake, self._parts.clock(), False
        try:
            await self._compare_people()
            if asleep:
                await self._parts.revoked()
                await self._until_people_are_known()
            await self._compare_chats(scope)
            well = True
        except (Problem, TimeoutError):
            pass  # the database is away: asked again in a moment
        finally:
            vigil.compared(scope, at, self._loop.time(), well=well)
        if asleep and vigil.awake:
            self._parts.woken()

    async def _compare_people(self) -> None:
        hub = self._parts.hub
        for part in slices(tuple(hub.directory.people)):
            heads = await self._parts.database.read(lambda r, part=part: user_log.heads(r, part))
            for user_id, useq in heads.items():
                hub.learn_user(user_id, useq)

    async def _compare_chats(self, scope: Scope) -> None:
        rooms = self._parts.hub.directory.rooms.values()
        ids = tuple(room.chat_id for room in rooms if scope is Scope.ALL or room.watched)
        for part in slices(ids):
            heads = await self._parts.database.read(lambda r, part=part: chats.heads(r, part))
            for head in heads:
                self._parts.hub.learn(head)

    async def _until_people_are_known(self) -> None:
        async with asyncio.timeout(_PATIENCE_S):
            while self._parts.hub.repairs.people:  # noqa: ASYNC110 - a rare wait, and short
                await asyncio.sleep(0.01)
