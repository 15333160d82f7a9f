"""The port to where bytes rest."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from uptc_messenger.models.base import Millis, Record
from uptc_messenger.models.errors import Unavailable


class StoreAway(Unavailable):
    """The store does not answer, or refuses for reasons of its own; to be tried again."""

    def __init__(self, sentence: str = "The files cannot be reached right now.") -> None:
        super().__init__(sentence, details={"reason": "store_away"})


class StoreFull(Unavailable):
    """There is no room left."""

    def __init__(self) -> None:
        super().__init__("The disk is full.", details={"reason": "disk_full"})


class Lost(Unavailable):
    """An object that should be there is not, or not as long as it was."""

    def __init__(self) -> None:
        super().__init__("A part of this file is missing.", details={"reason": "damaged"})


class Listed(Record, frozen=True):
    """An object as its store tells of it: how large it is, and when it was stored."""

    name: str
    size: int
    at: Millis


class Draft(Protocol):
    """An object that is being written."""

    def write(self, data: memoryview) -> None:
        """Add bytes, which may change afterwards.

        It waits: it is for a thread, and for one at a time.
        """
        ...


class Store(Protocol):
    """Keeps objects under names with slashes in them.

    An object is there at once and whole, or not at all; once `put` has returned it survives a
    crash of the machine. After a crash before that it may be there in part: an object is known
    by its name to nobody until then, so names are not used again. Every method raises
    `StoreAway` or `StoreFull`.
    """

    async def put(self, name: str, data: bytes) -> None:
        """Store an object; one under the same name is replaced."""
        ...

    def draft(self, name: str) -> AbstractAsyncContextManager[Draft]:
        """Store what is written within the block when that ends, and nothing where it raises."""
        ...

    async def put_file(self, name: str, path: str) -> None:
        """Store an object that is a file on this machine's disk, without reading it whole."""
        ...

    def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes [start, end) of an object; raises `Lost` where they are not there."""
        ...

    async def names(self, prefix: str) -> list[str]:
        """The objects whose names begin with `prefix` and a slash."""
        ...

    def listed(self) -> AsyncIterator[Listed]:
        """Every object there is, in any order."""
        ...

    async def delete(self, names: list[str]) -> None:
        """Let objects go; those that are not there are no error."""
        ...
