"""A folder that one process at a time may have.

The claim is the kernel's lock on a file in it: it ends with the process however that ends, so
no claim is ever stale, and what a dead owner left behind may be cleared away by the next.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

LOCK: Final = "lock"


class FolderError(Exception):
    """A folder that cannot be had; the sentence says why."""


class Claimed(FolderError):
    """Another process has the folder; `owner` says which."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.owner = owner or "another process"
        super().__init__(f"The folder {folder} is in use by {self.owner}: stop that first.")


class Claim:
    """The folder is ours until `release`."""

    def __init__(self, folder: Path, descriptor: int) -> None:
        self.folder = folder
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let another process have it; again does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def claim(folder: Path) -> Claim:
    """Make the folder, for its owner's eyes only, unless it is there; raises `FolderError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock file stays for ever: whoever removed it could let two claims stand at once.
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise FolderError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    try:
        _lock(descriptor)
    except BlockingIOError:
        owner = os.pread(descriptor, 80, 0).decode("ascii", "replace")
        os.close(descriptor)
        raise Claimed(folder, owner) from None
    except OSError as error:
        os.close(descriptor)
        raise FolderError(f"The folder {folder} cannot be locked: {error.strerror}.") from error
    return Claim(folder, descriptor)


def _lock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
    except OSError:
        # On a full disk the lock holds all the same; only its owner has no name.
        return
