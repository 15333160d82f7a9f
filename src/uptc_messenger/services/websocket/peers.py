"""Which other nodes live: each says so every few seconds, and a silence is a death."""

from typing import Final

BEAT_S: Final = 3.0
LEASE_S: Final = 10.0
"""Whoever has said nothing for so long counts as gone."""


class Peers:
    """The nodes that were heard of late; times are seconds of a clock that never goes back.

    The incarnation of a node changes whenever it may have said something that nobody heard.
    """

    def __init__(self) -> None:
        self._heard: dict[str, float] = {}
        self._incarnations: dict[str, int] = {}

    @property
    def alive(self) -> set[str]:
        """Their names."""
        return set(self._heard)

    def spoke(self, node: str, now: float) -> None:
        """A node said anything at all."""
        self._heard[node] = now

    def beat(self, node: str, incarnation: int, now: float) -> bool:
        """A node says that it lives; returns whether what is known of it may be out of date."""
        self._heard[node] = now
        fresh = self._incarnations.get(node) != incarnation
        self._incarnations[node] = incarnation
        return fresh

    def doubt(self) -> None:
        """What anybody said may have been missed: the next beat of each is as of a stranger."""
        self._incarnations.clear()

    def forget(self, node: str) -> None:
        """A node is gone."""
        self._heard.pop(node, None)
        self._incarnations.pop(node, None)

    def lapse(self, now: float) -> list[str]:
        """Forget the nodes whose leases ended, and name them."""
        gone = [node for node, at in self._heard.items() if at + LEASE_S <= now]
        for node in gone:
            self.forget(node)
        return gone
