"""The port to an engine: how a piece of work gets a connection."""

from collections.abc import Callable
from typing import Protocol, TypeVar

import sqlalchemy as sa

from uptc_messenger.models.errors import Unavailable

T = TypeVar("T")
Work = Callable[[sa.Connection], T]


class Contended(Unavailable):
    """Another node's transaction was in the way and this one was undone: try again."""


class Raced(Contended):
    """Another node added the same row at the same moment: now it is there to be found."""


class Store(Protocol):
    """Runs synchronous work on a connection of one engine.

    Every method raises `Unavailable` when the engine cannot be reached or refuses for
    reasons of its own (disk full, connection lost); the work was then rolled back.
    """

    @property
    def fault(self) -> str | None:
        """Why nothing is saved any more until a restart; None where it is."""
        ...

    async def transact(self, work: Work[T], *, durable: bool = True) -> T:
        """Run `work` in a write transaction and return after its commit.

        Only one caller at a time. An exception of `work` rolls back and is raised. `work`
        may be run again where the connection broke before the commit. Raises `Timeout`
        where the connection broke in the commit: then only a retry with the same ids tells.
        A commit that is not `durable` survives a crash of this process, and perhaps not one
        of the database server.
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
