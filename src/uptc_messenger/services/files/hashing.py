"""The hashes of uploads as they come in, so that nothing has to be read again at the end."""

import hashlib
from collections import OrderedDict
from typing import Final, Protocol

from uptc_messenger.models.base import FileId

MOST: Final = 1_000
"""Uploads that are remembered; the hash of another is made from what is stored."""


class Hash(Protocol):
    """A hash that is not finished."""

    def update(self, data: bytes | memoryview, /) -> None: ...

    def digest(self) -> bytes: ...

    def copy(self) -> "Hash": ...


class Hashes:
    """What is known of uploads that come in over this node."""

    def __init__(self) -> None:
        self._of: OrderedDict[FileId, tuple[int, Hash]] = OrderedDict()

    def begun(self, file_id: FileId, start: int) -> Hash | None:
        """The hash that a part is to be added to; None where the part does not follow."""
        upto, hashed = self._of.get(file_id, (0, None))
        if upto != start:
            return None
        return hashlib.sha256() if hashed is None else hashed.copy()

    def keep(self, file_id: FileId, upto: int, hashed: Hash | None) -> None:
        """Told that a part was stored, and the hash that has it, if there is one."""
        self._of.pop(file_id, None)
        if hashed is not None:
            self._of[file_id] = (upto, hashed)
        if len(self._of) > MOST:
            self._of.popitem(last=False)

    def digest(self, file_id: FileId, size: int) -> bytes | None:
        """The hash of the whole, if all of it came in here."""
        upto, hashed = self._of.get(file_id, (0, None))
        return hashed.digest() if hashed is not None and upto == size else None

    def forget(self, file_id: FileId) -> None:
        self._of.pop(file_id, None)
