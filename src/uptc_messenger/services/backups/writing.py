"""Making a backup of a database that goes on being written."""

import hashlib
import os
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from uptc_messenger import __version__
from uptc_messenger.database import DatabaseConfig, Reader
from uptc_messenger.database.copying import Sheet, sheets
from uptc_messenger.database.examine import examine
from uptc_messenger.database.installation import read_facts
from uptc_messenger.database.migrate import head_revision
from uptc_messenger.database.rebuild import sync
from uptc_messenger.database.survey import Sink, Totals, survey
from uptc_messenger.models.base import Record
from uptc_messenger.services.backups import files
from uptc_messenger.services.backups.archive import BackupError, Writer, check_seal
from uptc_messenger.services.backups.manifest import Manifest, Section, encode, endings
from uptc_messenger.toolkit.clock import rfc3339, wall_clock
from uptc_messenger.toolkit.folders import hand_over

Progress = Callable[[str, int], None]
"""Is told a table and how many of its rows are done."""

_STEP = 10_000
PARTIAL = ".partial"
"""The ending of a file that is still being written."""


class Made(Record, frozen=True):
    """A backup that is on the disk."""

    path: str
    installation_id: str
    created_at: int
    size: int
    rows: int
    chats: int


async def back_up(
    config: DatabaseConfig, path: Path, progress: Progress, folder: Path | None = None
) -> Made:
    """Write the installation to a file, which is there at once and whole, or not at all.

    A file in its place is replaced only when it is a backup. Only its owner may read it: it
    holds what everybody wrote, and hashes of passwords and sessions. Files that people sent,
    where they are in a `folder`, come into another one beside it.
    """
    _may_replace(path)
    with nullcontext() if folder is None else files.held(path):
        return await _back_up(config, path, progress, folder)


async def _back_up(
    config: DatabaseConfig, path: Path, progress: Progress, folder: Path | None
) -> Made:
    partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    listed = partial.with_name(f"{partial.name}.list")
    now = wall_clock()
    try:
        if folder is not None:
            # Most of them before, so that the snapshot is not held for long.
            objects = await examine(config, files.objects_of)
            files.copy(objects, folder, files.pool_of(path))
        with _create(partial) as file:
            manifest, totals = await examine(
                config, lambda reader: _write(reader, file, _Work(listed, folder, now, progress))
            )
            file.flush()
            os.fsync(file.fileno())
        hand_over(partial)
        if manifest.files:
            listed.replace(files.list_of(path, manifest.files))
        partial.replace(path)
        files.forget(path, but=manifest.files)
        sync(path.parent)
    except OSError as error:
        raise BackupError(f"The backup {path} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
        listed.unlink(missing_ok=True)
    return _made(path, manifest, now, totals)


def _made(path: Path, manifest: Manifest, now: int, totals: Totals) -> Made:
    return Made(
        path=str(path.resolve()),
        installation_id=manifest.installation_id,
        created_at=now,
        size=path.stat().st_size,
        rows=sum(table.rows for table in totals.tables.values()),
        chats=len(totals.chats),
    )


def _create(path: Path) -> BinaryIO:
    return open(path, "xb", opener=_private)


def _may_replace(path: Path) -> None:
    if not path.exists():
        return
    try:
        check_seal(path)
    except BackupError as error:
        raise BackupError(
            f"There is something else at {path}, which is not replaced: name another file."
        ) from error


@dataclass(frozen=True, slots=True)
class _Work:
    """What is written where."""

    listed: Path
    folder: Path | None
    now: int
    progress: Progress


def _write(reader: Reader, file: BinaryIO, work: _Work) -> tuple[Manifest, Totals]:
    facts = read_facts(reader)
    manifest = Manifest(
        version=__version__,
        schema=head_revision(),
        installation_id=facts.get("installation_id", ""),
        log_epoch=facts.get("log_epoch", ""),
        created_at=rfc3339(work.now),
        sheets=sheets(),
        files=_write_files(reader, work),
    )
    writer = Writer(file)
    writer.write(encode(manifest))
    totals = survey(reader, manifest.sheets, _ToArchive(writer, work.progress))
    for line in endings(totals):
        writer.write(line)
    writer.close()
    return manifest, totals


def _write_files(reader: Reader, work: _Work) -> str:
    """Put the files beside the backup; returns the hash of their list."""
    if work.folder is None:
        return ""
    pool = files.pool_of(work.listed)
    objects = files.objects_of(reader)
    files.copy(objects, work.folder, pool)
    text = files.written(files.present(objects, pool))
    with open(work.listed, "xb", opener=_private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    hand_over(work.listed)
    return hashlib.sha256(text).hexdigest()


class _ToArchive(Sink):
    def __init__(self, writer: Writer, progress: Progress) -> None:
        self._writer = writer
        self._progress = progress
        self._table = ""
        self._rows = 0

    def begin(self, sheet: Sheet) -> None:
        self._table, self._rows = sheet.name, 0
        self._writer.write(encode(Section(name=sheet.name)))

    def add(self, line: bytes) -> None:
        self._writer.write(line)
        self._rows += 1
        if self._rows % _STEP == 0:
            self._progress(self._table, self._rows)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
