"""What one client wrote down: what was promised to it, what it heard, and how long it waited."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Journal:
    """What one client knows."""

    promised: dict[str, int] = field(default_factory=dict[str, int])
    """Position by message id: acknowledged."""

    made_in: dict[str, str] = field(default_factory=dict[str, str])
    """The name that the log had when that was acknowledged."""

    kept: set[str] | None = None
    """Of what an earlier log promised only this still binds; None: all of it."""

    tried: set[str] = field(default_factory=set[str])
    applied: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """(seq, message_id or kind), in the order in which they were applied: the copy of the log."""

    past: list[list[tuple[int, str]]] = field(default_factory=list[list[tuple[int, str]]])
    """The copies that were dropped for those of another log."""

    floor: int = 0
    """The copy has nothing up to here: it was told to begin anew with the newest page."""

    strange: list[str] = field(default_factory=list[str])
    """What must never be."""

    unexplained: int = 0
    """How often it was told to begin anew, while no welcome has named another log since."""

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
        self.made_in[name] = self.epochs[-1]
        self.answers.append((now, took))

    @property
    def binding(self) -> dict[str, int]:
        """The promises that have to hold."""
        if self.kept is None:
            return self.promised
        return {
            name: seq
            for name, seq in self.promised.items()
            if name in self.kept or self.made_in[name] == self.epochs[-1]
        }

    def begin_anew(self, floor: int = 0) -> None:
        """The copy is dropped; without a `floor`, for one of another log."""
        if not floor:
            self.past.append(list(self.applied))
            # A log that went back has no such position before anybody has noticed that it did.
            self.unexplained = 0
        self.applied.clear()
        self.floor = floor

    @property
    def odd(self) -> list[str]:
        """All that must never be."""
        return [*self.strange, *["told to begin anew without a reason"] * self.unexplained]

    def waits(self, since: float) -> list[float]:
        """How long each message took that was acknowledged after a moment."""
        return [took for when, took in self.answers if when > since]

    def first_after(self, moment: float) -> float | None:
        """When the first acknowledgement after a moment came."""
        return next((when for when, _ in self.answers if when > moment), None)
