"""The port to an engine: how a piece of work gets a connection."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
Work = Callable[[sa.Connection], T]


class Store(Protocol):
    """Runs synchronous work on a connection of one engine.

    Every method raises `Unavailable` when the engine cannot be reached or refuses for
    reasons of its own (disk full, connection lost); the work was then rolled back, or its
    fate is unknown and the idempotency keys decide.
    """

    @property
    def fault(self) -> str | None:
        """Why nothing is saved any more until a restart; None where it is."""
        ...

    async def transact(self, work: Work[T]) -> T:
        """Run `work` in a write transaction and return after a durable commit.

        Only one caller at a time. An exception of `work` rolls back and is raised.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Run short `work` on one consistent snapshot."""
        ...

    async def scan(self, work: Work[T]) -> T:
        """Run `work` that may take long; never delays the event loop."""
        ...

    async def close(self) -> None:
        """Let every connection go."""
        ...
