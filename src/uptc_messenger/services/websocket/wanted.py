"""Whom to ask after again, and where: of a node that may have said what nobody heard, and all.

A transition may be lost on a link that never broke, and nothing follows that would show it. So
everybody who is shown here is asked after in turn, a few a second, once a minute each.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, Final

from uptc_messenger.models.base import UserId

BATCH: Final = 200
"""People in one question; a view shows no more."""

BATCHES: Final = 20
"""Questions of one turn after a node came back; the rest follows in the next."""

ROUND_S: Final = 60
"""How long it takes to ask after everybody once; a turn is a second."""


class Wanted:
    """Questions that are still to be asked."""

    def __init__(self) -> None:
        self._of_nodes: dict[str, deque[UserId]] = {}
        self._round: deque[UserId] = deque()
        self._share = 0

    def meet(self, node: str, people: Iterable[UserId]) -> None:
        """A node came, or came back: it is asked after all of them."""
        self._of_nodes[node] = deque(people)

    def lose(self, node: str) -> None:
        """A node is gone."""
        self._of_nodes.pop(node, None)

    def of_nodes(self) -> Iterable[tuple[str, list[UserId]]]:
        """The questions to single nodes that may be asked in this turn."""
        for _ in range(BATCHES):
            node = next(iter(self._of_nodes), None)
            if node is None:
                return
            people = self._of_nodes[node]
            part = _taken(people, BATCH)
            if not people:
                del self._of_nodes[node]
            if part:
                yield node, part

    def of_all(self, shown: Mapping[UserId, Any]) -> Iterable[list[UserId]]:
        """The questions to all nodes of this turn; `shown` are those who are shown now."""
        if not self._round:
            self._round.extend(shown)
            self._share = -(-len(self._round) // ROUND_S)
        turn = [user_id for user_id in _taken(self._round, self._share) if user_id in shown]
        for start in range(0, len(turn), BATCH):
            yield turn[start : start + BATCH]


def _taken(people: deque[UserId], most: int) -> list[UserId]:
    return [people.popleft() for _ in range(min(most, len(people)))]
