"""The files of a backup: a folder beside it in which each object is once, and a list of them.

Objects never change, so a backup adds to the folder what is not there yet, and many backups
share it. On one disk an object is linked, not copied. The list says what one backup has; its
hash stands in the backup itself, under the seal.
"""

import glob
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.database.rebuild import sync
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.files import contents
from uptc_messenger.services.files.contents import Whole
from uptc_messenger.toolkit import folders
from uptc_messenger.toolkit.folders import FolderError, hand_over

POOL: Final = "uptc-files"
LIST: Final = ".files"
Objects = Mapping[str, int]
"""How large each object is, by its name."""

# Names come out of a backup, which may be anybody's: none leads out of the folder.
_NAME: Final = contents.NAME
# Also what an interrupted copy left behind.
_OURS: Final = re.compile(rf"{_NAME.pattern}(\.[0-9]+)?")
_PIECE: Final = 1 << 20


def pool_of(backup: Path) -> Path:
    """The folder of objects beside a backup."""
    return backup.parent / POOL


def list_of(backup: Path, digest: str) -> Path:
    """The list of the objects of a backup: of one in its place it is another file."""
    return backup.with_name(f"{backup.name}.{digest[:12]}{LIST}")


def forget(backup: Path, but: str = "") -> None:
    """Delete the lists of backups of this name, except for one by its digest."""
    kept = list_of(backup, but)
    for path in backup.parent.glob(f"{glob.escape(backup.name)}.*{LIST}"):
        if path != kept:
            path.unlink(missing_ok=True)


@contextmanager
def held(backup: Path) -> Generator[None, None, None]:
    """Add to the folder beside a backup: nothing is swept from it before its list is in place."""
    if not backup.parent.is_dir():
        raise BackupError(f"The backup {backup} cannot be written: there is no such folder.")
    try:
        folders.make(pool_of(backup))
        with folders.sharing(pool_of(backup)):
            yield
    except FolderError as error:
        raise BackupError(f"{error}") from error


def copy(objects: Iterable[str], source: Path, target: Path) -> None:
    """Have these objects in another folder, too; those that are not there are left out.

    Once it returns they are on the disk with their names.
    """
    touched = {folder.parent for folder in folders.make(target)}
    for name in objects:
        touched.update(_copy(source / _checked(name), target / name))
    for folder in sorted(touched):
        sync(folder)


def present(objects: Objects, folder: Path) -> dict[str, int]:
    """Those of the objects that are in a folder as a whole."""
    return {name: size for name, size in objects.items() if _size(folder / name) == size}


def written(objects: Objects) -> bytes:
    """A list of objects."""
    return "".join(f"{size} {name}\n" for name, size in sorted(objects.items())).encode()


def read(backup: Path, digest: str) -> dict[str, int]:
    """The objects of a backup whose seal is good; raises `BackupError` for another list."""
    if not digest:
        return {}
    path = list_of(backup, digest)
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BackupError(
            f"The list of files {path} cannot be read: {error.strerror}. Restore without files?"
        ) from error
    if hashlib.sha256(text).hexdigest() != digest:
        raise BackupError(f"The list of files {path} is not the one of this backup.")
    return dict(_entries(text))


def check(backup: Path, objects: Objects) -> None:
    """Raise `BackupError` unless every object is there as a whole."""
    missing = len(objects) - len(present(objects, pool_of(backup)))
    if missing:
        raise BackupError(
            f"{missing} of {len(objects)} parts of files are not in {pool_of(backup)}: "
            "keep that folder beside the backup."
        )


def prove(backup: Path, objects: Objects, files: Sequence[Whole]) -> None:
    """Raise `BackupError` unless the files whose parts are all there have their hashes."""
    pool = pool_of(backup)
    for file in files:
        if all(name in objects for name in file.objects):
            hashed = hashlib.sha256()
            for name in file.objects:
                _add(hashed.update, pool / _checked(name))
            if hashed.digest() != file.sha256:
                raise BackupError(f"A file in {pool} is damaged. Use another copy of the backup.")


def objects_of(reader: Reader) -> dict[str, int]:
    """Every object that a database names."""
    return {
        one.name: one.size for one in contents.every_object(reader) if _NAME.fullmatch(one.name)
    }


def sweep(folder: Path) -> int:
    """Delete the objects that no list in a folder names any more; returns how many.

    None while a backup is being written there, whose list is not in its place yet.
    """
    pool = folder / POOL
    if not pool.is_dir():
        return 0
    try:
        with folders.claim(pool):
            return _sweep(folder, pool)
    except FolderError:
        return 0


def _sweep(folder: Path, pool: Path) -> int:
    needed: set[str] = set()
    for path in folder.glob(f"*{LIST}"):
        needed.update(name for name, _ in _entries(path.read_bytes()))
    names = {path: str(path.relative_to(pool)) for path in pool.glob("*/*/*") if path.is_file()}
    doomed = [path for path, name in names.items() if name not in needed and _OURS.fullmatch(name)]
    for path in doomed:
        path.unlink(missing_ok=True)
    return len(doomed)


def _entries(text: bytes) -> Iterator[tuple[str, int]]:
    for line in text.decode("ascii", "replace").splitlines():
        size, _, name = line.partition(" ")
        if size.isdecimal() and _NAME.fullmatch(name):
            yield name, int(size)


def _copy(source: Path, target: Path) -> set[Path]:
    """The folders that have other names in them now."""
    if target.exists():
        return set()
    touched = {target.parent, *(folder.parent for folder in folders.make(target.parent))}
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        return touched
    except OSError:
        _copy_bytes(source, target)
    return touched


def _copy_bytes(source: Path, target: Path) -> None:
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with source.open("rb") as from_, partial.open("xb") as to:
            shutil.copyfileobj(from_, to, _PIECE)
            to.flush()
            os.fsync(to.fileno())
        hand_over(partial)
        partial.replace(target)
    except FileNotFoundError:
        return  # the server has let go of it since
    finally:
        partial.unlink(missing_ok=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BackupError("The backup names files that are none of ours.")
    return name


def _add(update: Callable[[bytes], None], path: Path) -> None:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            update(piece)
