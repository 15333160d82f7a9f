"""What one client wrote down: what was promised to it, what it heard, and how long it waited."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Journal:
    """What one client knows."""

    promised: dict[str, int] = field(default_factory=dict[str, int])
    """Position by message id: acknowledged."""

    tried: set[str] = field(default_factory=set[str])
    applied: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """(seq, message_id or kind), in the order in which they were applied: the copy of the log."""

    floor: int = 0
    """The copy has nothing up to here: it was told to begin anew with the newest page."""

    strange: list[str] = field(default_factory=list[str])
    """What must never be."""

    foreign: list[str] = field(default_factory=list[str])
    """What was heard of chats that are none of its own."""

    answers: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """(when, after how long since the first attempt) for each message that was acknowledged."""

    refusals: Counter[str] = field(default_factory=Counter[str])
    """How often the server said that it cannot now, by the reason or the code."""

    epochs: list[str] = field(default_factory=list[str])
    """Every name of the log that was heard, in order."""

    closes: Counter[int] = field(default_factory=Counter[int])
    """How often a socket was closed, by its code."""

    demotions: int = 0
    """How often the server said that heads have to do."""

    def promise(self, name: str, seq: int, now: float, took: float) -> None:
        """A message was acknowledged."""
        if self.promised.setdefault(name, seq) != seq:
            self.strange.append("a retry got another place")
        self.answers.append((now, took))

    def release(self, kept: set[str]) -> int:
        """Only these promises still bind; returns how many do not."""
        gone = self.promised.keys() - kept
        for name in gone:
            del self.promised[name]
        return len(gone)

    def begin_anew(self, floor: int = 0) -> None:
        """The copy is dropped."""
        self.applied.clear()
        self.floor = floor

    def waits(self, since: float) -> list[float]:
        """How long each message took that was acknowledged after a moment."""
        return [took for when, took in self.answers if when > since]

    def first_after(self, moment: float) -> float | None:
        """When the first acknowledgement after a moment came."""
        return next((when for when, _ in self.answers if when > moment), None)
