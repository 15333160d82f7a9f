"""What a session shows: chats with bodies, chats with heads, people with presence."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final

from uptc_messenger.database import Database, Reader
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.commands import HeadLevel, SetView, View
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.frames import Head, PresenceEntry, PresenceState, ViewState
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.users import service as users
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.presence import PresenceBoard
from uptc_messenger.services.websocket.subscriber import Subscriber

_Opened = tuple[list[Head], list[ChatId]]
PATIENCE_S: Final = 0.2
"""Other nodes may take so long to say how the people of a new view are."""


class Views:
    """Joins the hub, which knows who is here, with the services, which know who may see."""

    def __init__(
        self, database: Database, hub: Hub, presence: PresenceBoard, elsewhere: Elsewhere
    ) -> None:
        self._database = database
        self._elsewhere = elsewhere
        self._hub = hub
        self._presence = presence

    async def replace(self, subscriber: Subscriber, view: SetView | View) -> ViewState:
        """Replace the whole view; raises `NotFound` for a chat that one may not see.

        The session gets events from the moment it is shown them, and the heads are read
        after that: nothing falls between.
        """
        self._show(subscriber, view, view.open)
        try:
            return await self._state(subscriber, view.users)
        except Problem:
            # Nobody was told from where on events come, so none may.
            self._hub.show(subscriber, (), subscriber.muted)
            raise

    async def restore(self, subscriber: Subscriber, view: View) -> ViewState:
        """The view of a `hello`: chats that one may see no longer are left out."""
        seen = set(self._hub.visible(subscriber, [*view.open, *view.levels]))
        levels: dict[ChatId, HeadLevel] = {
            chat: level for chat, level in view.levels.items() if chat in seen
        }
        opened = [chat for chat in view.open if chat in seen]
        return await self.replace(
            subscriber, View(open=opened, levels=levels, users=view.users, mode=view.mode)
        )

    def type(self, subscriber: Subscriber, chat_id: ChatId, *, on: bool) -> None:
        """Show the others that somebody types; raises `NotFound`."""
        self._hub.type(subscriber, chat_id, on=on)

    def declare(self, subscriber: Subscriber, state: PresenceState, text: str | None) -> None:
        """How the user wants to be seen on this device."""
        self._presence.declare(subscriber, state, text)

    def _show(
        self, subscriber: Subscriber, view: SetView | View, opened: Collection[ChatId]
    ) -> None:
        muted = [chat for chat, level in view.levels.items() if level == "none"]
        heads = [chat for chat, level in view.levels.items() if level == "head"]
        self._hub.show(subscriber, opened, muted, heads)
        if subscriber.state in {"online", "idle"}:
            state: PresenceState = "online" if view.mode == "active" else "idle"
            self._presence.declare(subscriber, state, None)

    async def _state(self, subscriber: Subscriber, people: Sequence[UserId]) -> ViewState:
        def read(reader: Reader) -> tuple[_Opened, set[UserId], dict[UserId, int]]:
            seen = chats.share_a_chat(reader, subscriber.user_id, people)
            visits = users.last_seen(reader, seen)
            opened = chats.heads(reader, subscriber.open), chats.wide(reader, subscriber.open)
            return opened, seen, visits

        (heads, wide), seen, visits = await self._database.read(read)
        self._hub.directory.widen(wide)
        if self._hub.directory.is_live(subscriber):
            with self._presence.hushed(subscriber):
                fresh = self._presence.watch(subscriber, sorted(seen))
                await self._ask_elsewhere(fresh)
        self._hub.reached(subscriber, heads)
        return ViewState(heads=heads, presence=self._entries(subscriber, seen, visits))

    async def _ask_elsewhere(self, people: list[UserId]) -> None:
        answered = asyncio.Event()
        self._elsewhere.ask(people, answered.set)
        # Whoever answers later is heard as a change.
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await answered.wait()

    def _entries(
        self, subscriber: Subscriber, seen: set[UserId], last: dict[UserId, int]
    ) -> list[PresenceEntry]:
        # To be left out would tell the other person of the block.
        apart = {u for u in seen if self._hub.directory.are_apart(subscriber, u)}
        hidden = [PresenceEntry(user_id=user_id, state="offline") for user_id in sorted(apart)]
        return [*self._presence.states(sorted(seen - apart), last), *hidden]
