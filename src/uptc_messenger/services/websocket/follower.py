"""The rule of every reader of a log: apply the next, ignore the old, wait for the missing."""

from collections.abc import Sequence
from typing import Final, Generic, Protocol, TypeVar

from uptc_messenger.models.base import Seq


class Placed(Protocol):
    """Anything with a position in a log."""

    @property
    def seq(self) -> Seq: ...


E = TypeVar("E", bound=Placed)
MAX_HELD: Final = 128
"""Entries that wait for an earlier one; what finds no room is read again from the log."""

NOTHING_YET: Final = -1


class Follower(Generic[E]):
    """Lets the entries of one log through in order, each once.

    `position` is how far it let through: None where nothing was promised, so that anything
    may come next; `NOTHING_YET` where everything waits until `settle` says from where on.
    `known` is the farthest position that was heard of, by an entry or by a head.
    """

    __slots__ = ("_held", "known", "position")

    def __init__(self, position: Seq | None = None) -> None:
        self.position = position
        self.known: Seq = 0
        self._held: dict[Seq, E] | None = None

    @property
    def behind(self) -> bool:
        """Whether something that is known of has not come."""
        return self.position is not None and self.known > self.position >= 0

    def take(self, entries: Sequence[E]) -> Sequence[E]:
        """Entries that came, lowest first; returns those whose turn it is."""
        first, last = entries[0].seq, entries[-1].seq
        self.known = max(self.known, last)
        position = self.position
        dense = last - first == len(entries) - 1
        if self._held is None and dense and (position is None or first == position + 1):
            self.position = last
            return entries
        if position is None:
            self.position = first - 1
        self._hold(entries)
        return self._release()

    def learn(self, seq: Seq) -> None:
        """The log reaches as far as this."""
        self.known = max(self.known, seq)

    def settle(self, seq: Seq) -> Sequence[E]:
        """Everything up to here is known to whoever listens; returns what follows and is here."""
        self.learn(seq)
        if self.position is None or seq > self.position:
            self.position = seq
        return self._release()

    def fill(self, entries: Sequence[E], upto: Seq) -> Sequence[E]:
        """The log over (position, upto] as it was read; returns all whose turn it is now."""
        position = self.position
        if position is None:
            return ()
        missed = [entry for entry in entries if entry.seq > position]
        self.learn(upto)
        self.position = max(position, upto)
        return [*missed, *self._release()]

    def forget(self) -> None:
        """Nobody listens any more: nothing is promised."""
        self.position, self._held = None, None

    def _hold(self, entries: Sequence[E]) -> None:
        held = self._held = {} if self._held is None else self._held
        position = self.position or 0
        for entry in entries:
            if entry.seq > position:
                held[entry.seq] = entry
        while len(held) > MAX_HELD:
            del held[max(held)]

    def _release(self) -> list[E]:
        held, position = self._held, self.position
        if held is None or position is None or position == NOTHING_YET:
            return []
        ready: list[E] = []
        while (entry := held.pop(position + 1, None)) is not None:
            ready.append(entry)
            position += 1
        self.position = position
        rest = {seq: entry for seq, entry in held.items() if seq > position}
        self._held = rest or None
        return ready
