"""What delivery lacks is read from the database here: delivery itself knows none."""

import asyncio
from typing import Final, assert_never

from uptc_messenger.database import Database
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import catchup
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.relay import Relay
from uptc_messenger.services.websocket.repairs import ChatGap, Gap, Key, UserGap
from uptc_messenger.services.websocket.told import of
from uptc_messenger.toolkit.tasks import TaskGroup

FARTHEST: Final = 500
"""Entries that are read for everybody at once; further back each client reads its own."""


class Mender:
    """Reads the gaps of logs, one task for each, and hands what was missing to the hub."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._tasks = TaskGroup("mender")
        self._closed = False
        hub.repairs.connect(self)

    async def close(self) -> None:
        """Read nothing more."""
        self._closed = True
        await self._tasks.close()

    def ask_members(self, relay: Relay, chat_id: ChatId) -> None:
        """Read who is in a chat, for the way to other nodes."""
        if not self._closed:
            self._tasks.start("members", self._read_members(relay, chat_id))

    def now(self) -> float:
        return self._loop.time()

    def later(self, seconds: float, key: Key) -> None:
        self._loop.call_later(seconds, self._turn, key)

    def start(self, key: Key, gap: Gap) -> None:
        self._tasks.start("gap", self._mend(key, gap))

    def _turn(self, key: Key) -> None:
        if not self._closed:
            self._hub.repairs.turn(key)

    async def _mend(self, key: Key, gap: Gap) -> None:
        well = False
        try:
            well = await self._read(gap)
        except Problem:
            pass  # the database is away: asked again until it is back
        finally:
            self._hub.repairs.ended(key, well=well)

    async def _read(self, gap: Gap) -> bool:
        match gap:
            case ChatGap():
                return await self._read_chat(gap)
            case UserGap(user_id=user_id, after=after):
                events = await self._database.read(
                    lambda reader: user_log.after(reader, user_id, after, FARTHEST)
                )
                self._hub.filled_user(user_id, events)
                return True
            case _:
                assert_never(gap)

    async def _read_chat(self, gap: ChatGap) -> bool:
        found = await self._database.read(
            lambda reader: catchup.missing(reader, gap.chat_id, gap.after, FARTHEST)
        )
        if found is None or found.reset:
            self._hub.skipped(gap.chat_id, found and found.head)
            return True
        return self._hub.filled(found.head, [of(entry, 0) for entry in found.entries])

    async def _read_members(self, relay: Relay, chat_id: ChatId) -> None:
        try:
            roster, members = await self._database.read(
                lambda reader: chats.roster(reader, chat_id)
            )
        except Problem:
            roster, members = 0, []
        relay.members(chat_id, roster, members)
