"""A folder, and files elsewhere, that one process at a time may have.

The claim is the kernel's lock on a file: it ends with the process however that ends, so no
claim is ever stale, and what a dead owner left behind may be cleared away by the next.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

LOCK: Final = "lock"


class FolderError(Exception):
    """A place that cannot be had; the sentence says why."""


class Claimed(FolderError):
    """Another process has it; `owner` says which."""

    def __init__(self, place: Path, owner: str) -> None:
        self.owner = owner or "another process"
        super().__init__(f"{place} is in use by {self.owner}: stop that first.")


class Claim:
    """The folder and the files are ours until `release`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptors: list[int] = []

    def take(self, place: Path, lock: Path) -> None:
        """Have this place, too."""
        self._descriptors.append(_lock(place, lock))

    def release(self) -> None:
        """Let another process have them; again does nothing."""
        while self._descriptors:
            os.close(self._descriptors.pop())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def claim(folder: Path, *files: Path) -> Claim:
    """Have the folder, made for its owner's eyes only unless it is there; raises `FolderError`.

    `files` are had with it: two folders may have been told of one file.
    """
    made = Claim(folder)
    try:
        made.take(folder, folder / LOCK)
        for file in files:
            made.take(file, file.with_name(f"{file.name}.{LOCK}"))
    except FolderError:
        made.release()
        raise
    return made


@contextmanager
def sharing(folder: Path) -> Generator[None, None, None]:
    """Have a folder together with others who share it: none can claim it meanwhile.

    Waits for who has claimed it; raises `FolderError`.
    """
    descriptor = _opened(folder, folder / LOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def make(folder: Path) -> list[Path]:
    """Make a folder, and those above it, for its owner's eyes only; returns those that are new.

    What root makes belongs to the owner of the folder that it is in.
    """
    if folder.is_dir():
        return []
    made = make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    hand_over(folder)
    return [*made, folder]


def hand_over(path: Path) -> None:
    """Give what root made to the owner of the folder that it is in; does nothing for others.

    Otherwise a command of an operator would leave files that the server may not open.
    """
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _opened(place: Path, lock: Path) -> int:
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The lock file stays for ever: whoever removed it could let two claims stand at once.
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        hand_over(lock)
    except OSError as error:
        raise FolderError(f"{place} cannot be used: {error.strerror}.") from error
    return descriptor


def _lock(place: Path, lock: Path) -> int:
    descriptor = _opened(place, lock)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 80, 0).decode("ascii", "replace")
        os.close(descriptor)
        raise Claimed(place, owner) from None
    except OSError as error:
        os.close(descriptor)
        raise FolderError(f"{place} cannot be locked: {error.strerror}.") from error
    _sign(descriptor)
    return descriptor


def _sign(descriptor: int) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
    except OSError:
        # On a full disk the lock holds all the same; only its owner has no name.
        return
