"""What was measured beside what was promised."""

from dataclasses import dataclass
from typing import Final

ALLOWANCE: Final = 2.0
"""A shared machine takes a task away for a while: a time may be this many times its goal."""


@dataclass(frozen=True)
class Figure:
    """One line of the table. `cpu` is what it cost the page's main thread, in ms."""

    bar: int
    name: str
    measured: float
    goal: float
    unit: str
    exact: bool = False
    cpu: float | None = None
    points: bool = False
    """Of a hundred, and more is better; the allowance is for what is missing."""

    @property
    def met(self) -> bool:
        return self.measured >= self.goal if self.points else self.measured <= self.goal

    @property
    def passed(self) -> bool:
        """Counts and sizes gate exactly, times with the allowance."""
        allowance = 1.0 if self.exact else ALLOWANCE
        if self.points:
            return 100.0 - self.measured <= allowance * (100.0 - self.goal)
        return self.measured <= self.goal * allowance

    @property
    def verdict(self) -> str:
        return "met" if self.met else "in the allowance" if self.passed else "NOT MET"

    def __str__(self) -> str:
        cpu = "" if self.cpu is None else f"{self.cpu:7.1f} ms CPU"
        measured = f"{self.measured:9.1f} {self.unit:4} goal {self.goal:7.1f}"
        return f"{self.bar:2} {self.name:52} {measured} {cpu:14} {self.verdict}"

    @property
    def row(self) -> str:
        """The same as a line of the table in docs/web-client.md."""
        cpu = "" if self.cpu is None else f"{self.cpu:.1f} ms"
        return (
            f"| {self.bar} | {self.name} | {self.measured:.1f} {self.unit} | {cpu}"
            f" | {self.goal:g} {self.unit} | {self.verdict} |"
        )


def tail(values: list[float]) -> float:
    """The 95th of a hundred."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]
