"""Objects that are written into a folder of this machine's disk, by threads that may wait."""

import os
import threading
from collections.abc import Collection
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

_TRIES: Final = 8
_STEP: Final = 1 << 18
"""Bytes of one write: the system finds memory for more at once in places that cost it more."""
_LARGE: Final = 1 << 20


class Written:
    """One of them: a file beside its place, until all of it is there."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._begun = place.with_name(f"{place.name}.partial")
        self._busy = threading.Lock()
        self._made = False
        self._size = 0
        self._file: BinaryIO | None = None
        self._dropped = False

    @property
    def file(self) -> BinaryIO:
        """Made with the first bytes."""
        if self._dropped:
            raise FileNotFoundError(self._place)
        if self._file is None:
            self._file, self._made = _opened(self._begun)
        return self._file

    def write(self, data: memoryview | bytes) -> None:
        """Add bytes."""
        with self._busy:
            file, left = self.file, memoryview(data)
            while left:
                left = left[file.write(left[:_STEP]) :]
            if len(data) >= _LARGE:
                _begin_to_write(file.fileno(), self._size, len(data))
            self._size += len(data)

    def keep(self, folders: Collection[Path], aside: Executor) -> None:
        """Give it its name; it is on the disk when these folders are, too."""
        folders = {*folders, *({self._place.parent.parent} if self._made else ())}
        with self._busy, self.file as file:
            # It has its name before it is on the disk, so that the disk is waited for once.
            # Whoever reads it before that finds all of it; after a crash nobody knows of it.
            self._begun.replace(self._place)
            named = aside.submit(_sync, folders)
            try:
                os.fsync(file.fileno())
            finally:
                named.result()

    def drop(self) -> None:
        """Leave nothing behind, also where bytes are being added at this moment."""
        with self._busy:
            self._dropped = True
            if self._file is not None:
                self._file.close()
            for each in (self._begun, self._place):
                with suppress(OSError):  # mostly there is none, or the store is away
                    each.unlink()


def _opened(place: Path) -> tuple[BinaryIO, bool]:
    """A new file, and whether its folder had to be made: mostly it is there."""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            return place.open("wb", buffering=0), False
        place.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # whoever deleted the last in it took it away again
            return place.open("wb", buffering=0), True
    raise FileNotFoundError(place)


def _begin_to_write(descriptor: int, at: int, size: int) -> None:
    """Have the disk work while the next bytes come in, and do not wait for it.

    What is not on the disk yet stays in memory, too: only clean pages are not needed any more.
    """
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, at, size, os.POSIX_FADV_DONTNEED)


def _sync(folders: Collection[Path]) -> None:
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
