"""What this node committed and the others may not have heard: one head for each log."""

from typing import Final

from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import Audience
from uptc_messenger.models.frames import Head

MAX_LOGS: Final = 20_000
"""Logs that are remembered; beyond it the sweep of another node has to do."""

RECENT_S: Final = 10.0
"""What was handed over within this time before a link broke may be lost with it."""


class Unsaid:
    """Heads by log, with the time at which each was handed over; None where it was not."""

    def __init__(self) -> None:
        self._chats: dict[ChatId, tuple[float | None, Head, Audience]] = {}
        self._users: dict[UserId, tuple[float | None, Seq]] = {}

    def __len__(self) -> int:
        return len(self._chats) + len(self._users)

    def chat(self, head: Head, audience: Audience, said_at: float | None) -> None:
        """A chat has a new head."""
        before = self._chats.get(head.chat_id)
        if before is None and len(self) >= MAX_LOGS:
            return
        # What went before may be the part that nobody heard.
        unsaid = before is not None and before[0] is None
        self._chats[head.chat_id] = (None if unsaid else said_at, head, audience)

    def user(self, user_id: UserId, useq: Seq, said_at: float | None) -> None:
        """A user's own log has a new head."""
        before = self._users.get(user_id)
        if before is None and len(self) >= MAX_LOGS:
            return
        unsaid = before is not None and before[0] is None
        self._users[user_id] = (None if unsaid else said_at, useq)

    def forget(self, now: float) -> None:
        """Drop what was handed over long enough ago."""
        self._chats = {k: v for k, v in self._chats.items() if _doubtful(v[0], now)}
        self._users = {k: v for k, v in self._users.items() if _doubtful(v[0], now)}

    def take(self, now: float) -> tuple[list[tuple[Head, Audience]], list[tuple[UserId, Seq]]]:
        """What should be said again now that the others hear us."""
        self.forget(now)
        chats = [(head, audience) for _, head, audience in self._chats.values()]
        users = [(user_id, useq) for user_id, (_, useq) in self._users.items()]
        self._chats, self._users = {}, {}
        return chats, users


def _doubtful(said_at: float | None, now: float) -> bool:
    return said_at is None or now - said_at <= RECENT_S
