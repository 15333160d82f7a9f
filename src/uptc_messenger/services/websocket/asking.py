"""Questions to other nodes that are not answered yet."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from uptc_messenger.models.base import UserId

MAX_ASKS: Final = 2_000
"""Questions that may be open at once; the answers to more are late news."""

PATIENCE_S: Final = 10.0


@dataclass(slots=True)
class Ask:
    """A question after people, and the nodes that have not answered it."""

    user_ids: frozenset[UserId]
    waiting: set[str]
    done: Callable[[], None]
    until: float


class Asks:
    """Open questions by number; `done` is called once everybody who was asked has answered."""

    def __init__(self) -> None:
        self._open: dict[int, Ask] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, number: int, ask: Ask) -> None:
        """A question goes out; nobody waits for nodes that do not exist, or for too many."""
        if len(self._open) >= MAX_ASKS or not ask.waiting:
            ask.done()
        else:
            self._open[number] = ask

    def answered(self, number: int, node: str, named: Iterable[UserId]) -> frozenset[UserId]:
        """A node has answered; returns those whom it was asked after and does not name."""
        ask = self._open.get(number)
        if ask is None:
            return frozenset()
        self._strike(number, ask, node)
        return ask.user_ids - frozenset(named)

    def lost(self, node: str) -> None:
        """A node will not answer any more."""
        for number, ask in tuple(self._open.items()):
            self._strike(number, ask, node)

    def turn(self, now: float) -> None:
        """Give up what nobody will answer."""
        for number in [number for number, ask in self._open.items() if ask.until <= now]:
            self._open.pop(number).done()

    def _strike(self, number: int, ask: Ask, node: str) -> None:
        ask.waiting.discard(node)
        if not ask.waiting:
            del self._open[number]
            ask.done()
