"""One node at a time tells all others how far every log is that changed of late.

It looks at the stamps of the last seconds and not after an id: transactions become visible
in another order than the one in which they took their ids, and whoever reads up to an id
never sees what was still open behind it.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from uptc_messenger.models.base import ChatId, Millis, Seq, UserId

LONGEST_MS: Final = 5_000
"""A transaction that writes takes no longer from its stamp to its commit, or holds tokens back."""

WINDOW_MS: Final = 10_000
"""Stamps that a sweep looks at are at most so old."""

REACH_MS: Final = WINDOW_MS - LONGEST_MS
"""A sweep certainly lists what was committed so long before it."""

EVERY_S: Final = 2.0
LEASE_MS: Final = 10_000
FIRST_MS: Final = 60_000
"""A new sweeper does not know what the one before it saw, so it looks farther back once."""

FARTHEST_MS: Final = 600_000
PART: Final = 2_000
"""Logs in one message."""


class ChatAt(msgspec.Struct, frozen=True, array_like=True):
    """How far a chat is; `wide` where its nodes follow the chat itself."""

    chat_id: ChatId
    seq: Seq
    n: int
    wide: bool


class UserAt(msgspec.Struct, frozen=True, array_like=True):
    """How far a user's own log is."""

    user_id: UserId
    useq: Seq


class Sweep(msgspec.Struct, frozen=True, array_like=True, tag_field="t", tag=6):
    """A beacon, or one of several `parts`: `at` is when the sweep began, in database time."""

    at: Millis
    hold: bool
    part: int
    parts: int
    chats: list[ChatAt]
    users: list[UserAt]


class Sweeper:
    """Where each sweep has to look; all times are the database's."""

    def __init__(self, window_ms: int = WINDOW_MS) -> None:
        self._window_ms = window_ms
        self._last: Millis | None = None
        self._open: Millis | None = None

    def rest(self) -> None:
        """Another node sweeps."""
        self._last = self._open = None

    def begin(self, at: Millis, oldest: Millis | None) -> tuple[Millis, bool]:
        """The stamps from which to look on, and whether watermarks must wait.

        `oldest` is when the oldest open transaction of a writer began. While one is open
        for too long, and once after it ended, the sweep looks back to its beginning.
        """
        begun = at - FIRST_MS if self._last is None else self._last - LONGEST_MS
        since = min(at - self._window_ms, begun)
        for opened in (oldest, self._open):
            since = since if opened is None else min(since, opened)
        hold = oldest is not None and at - oldest > LONGEST_MS
        self._last, self._open = at, oldest if hold else None
        return max(since, at - FARTHEST_MS), hold


def parts_of(
    at: Millis, chats: Sequence[ChatAt], users: Sequence[UserAt], *, hold: bool
) -> Iterator[Sweep]:
    """A sweep as messages of bounded size; an empty one is a message too."""
    parts = max(-(-len(chats) // PART), -(-len(users) // PART), 1)
    for part in range(parts):
        here = slice(part * PART, (part + 1) * PART)
        yield Sweep(at, hold, part, parts, list(chats[here]), list(users[here]))
