"""The hashes of uploads as they come in, so that nothing has to be read again at the end."""

import asyncio
import hashlib
from collections import OrderedDict
from typing import Final, Protocol

from uptc_messenger.models.base import FileId

MOST: Final = 1_000
"""Uploads that are remembered; the hash of another is made from what is stored."""


class Hash(Protocol):
    """A hash that is not finished."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Hashes:
    """What is known of uploads that come in over this node."""

    def __init__(self) -> None:
        self._of: OrderedDict[FileId, tuple[int, Hash]] = OrderedDict()

    async def add(self, file_id: FileId, start: int, data: bytes) -> None:
        """Told a part that was stored; one that does not follow the last is of no use."""
        upto, hashed = self._of.pop(file_id, (0, hashlib.sha256()))
        if upto != start:
            return
        await asyncio.to_thread(hashed.update, data)
        self._of[file_id] = (start + len(data), hashed)
        if len(self._of) > MOST:
            self._of.popitem(last=False)

    def digest(self, file_id: FileId, size: int) -> bytes | None:
        """The hash of the whole, if all of it came in here."""
        upto, hashed = self._of.get(file_id, (0, None))
        return hashed.digest() if hashed is not None and upto == size else None

    def forget(self, file_id: FileId) -> None:
        self._of.pop(file_id, None)
