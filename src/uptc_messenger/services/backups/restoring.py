"""From a backup to a database: for a proof that is thrown away, or to live in."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from uptc_messenger.database import DatabaseConfig, Reader, Transaction, copying, rebuild
from uptc_messenger.database.examine import examine
from uptc_messenger.database.installation import begin_another_log, read_facts
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.rebuild import Occupied, Plan
from uptc_messenger.database.survey import Sink, Totals, survey
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.backups import archive, files
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.manifest import (
    ChatLine,
    Ending,
    Manifest,
    Section,
    read_manifest,
    read_part,
)
from uptc_messenger.services.files.contents import Whole, every_file

_SPENT: Final = "codes"
"""One-time codes: one that was used since the backup would work once more."""

_SESSIONS: Final = "sessions"


class Proof(Record, frozen=True):
    """What a restored copy was proven to hold."""

    manifest: Manifest
    rows: int
    messages: int
    chats: int
    files: int = 0
    """Objects of files that stand beside it."""


class Restored(Record, frozen=True):
    """An installation that is in its place."""

    proof: Proof
    kept: str | None
    """Where the database is that was there before."""


class Wishes(Record, frozen=True):
    """How to restore."""

    force: bool = False
    """Also over an installation, which is then kept beside."""

    files: str | None = None
    """The folder that the files go to; None leaves them where they are."""

    end_sessions: bool = False
    """Everybody logs in again: sessions that were ended since the backup come back else."""


async def verify(path: Path, scratch: Path | None = None, *, hashes: bool = True) -> Proof:
    """Restore to a folder that is deleted again, and prove every row and every chat of it.

    Its files are there in their sizes; with `hashes` each is read and is what it was.
    """
    backup = _Backup(path)
    try:
        with tempfile.TemporaryDirectory(prefix="uptc-proof-", dir=scratch) as folder:
            rebuild.build_sqlite(Path(folder) / "uptc.db", backup.plan(Wishes()))
    except OSError as error:
        raise BackupError(f"There is no scratch folder to restore to: {error}.") from error
    backup.check_files(hashes=hashes)
    return backup.proof()


async def restore(path: Path, config: DatabaseConfig, wishes: Wishes) -> Restored:
    """Give a backup a place to live; everything is proven before anything there changes.

    The log gets another epoch: clients that know more than the backup begin anew, and send
    what they have not yet sent.
    """
    backup = _Backup(path)
    place = rebuild.sqlite_path(config)
    await _may_take(backup.manifest, config, wishes)
    if wishes.files is not None:
        backup.check_files(hashes=False)  # what is missing is said before the work begins
    try:
        if place is None:
            kept = await rebuild.rebuild_postgres(
                config.url, backup.plan(wishes), displace=wishes.force
            )
        else:
            kept = _restore_sqlite(place, backup.plan(wishes))
    except Occupied as error:
        raise BackupError(str(error)) from error
    except OSError as error:
        raise BackupError(
            f"The backup cannot be restored to {error.filename or place}: {error.strerror}. "
            "Nothing was changed."
        ) from error
    return Restored(proof=backup.proof(), kept=kept)


def _restore_sqlite(place: Path, plan: Plan) -> str | None:
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f"{place.name}.{os.getpid()}.restoring")
    try:
        if place.exists():
            with rebuild.alone(place):
                pass
        rebuild.build_sqlite(new, plan)
        kept = rebuild.put_sqlite(new, place)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{new}{ending}").unlink(missing_ok=True)
    return None if kept is None else str(kept)


async def _may_take(manifest: Manifest, config: DatabaseConfig, wishes: Wishes) -> None:
    """Refuse to put anything over an installation unless that was asked for."""
    if wishes.force or not rebuild.exists(config):
        return
    try:
        there = (await examine(config, read_facts)).get("installation_id", "")
    except (SchemaError, Unavailable):
        if rebuild.sqlite_path(config) is None:
            return
        raise BackupError(
            "There is a database already that cannot be read; --force puts the backup in its "
            "place and keeps it beside."
        ) from None
    whose = "this" if there and there == manifest.installation_id else "ANOTHER"
    raise BackupError(
        f"There is an installation already, and the backup is of {whose} installation; "
        "--force puts the backup in its place and keeps what is there beside."
    )


class _Backup:
    """A file whose seal is good, and what became of its rows."""

    def __init__(self, path: Path) -> None:
        archive.check_seal(path)
        self._path = path
        self.manifest = read_manifest(path, archive.read_lines(path))
        self._expected: Totals | None = None
        self._files: list[Whole] = []
        self._objects: dict[str, int] = {}

    def plan(self, wishes: Wishes) -> Plan:
        """How a database is made of it."""
        unwanted = {_SPENT, _SESSIONS} if wishes.end_sessions else {_SPENT}

        def finish(tx: Transaction) -> None:
            begin_another_log(tx)
            for sheet in self.manifest.sheets:
                if sheet.name in unwanted:
                    copying.clear(tx, sheet)
            if wishes.files is not None:
                self.put_files(Path(wishes.files))

        return Plan(self.manifest.schema, load=self._load, prove=self._prove, finish=finish)

    def proof(self) -> Proof:
        """What was restored and proven."""
        expected = self._told()
        return Proof(
            manifest=self.manifest,
            rows=sum(table.rows for table in expected.tables.values()),
            messages=expected.tables["messages"].rows,
            chats=len(expected.chats),
            files=len(self._objects),
        )

    def check_files(self, *, hashes: bool) -> None:
        """Prove that the files are beside it; raises `BackupError`."""
        self._objects = files.read(self._path, self.manifest.files)
        files.check(self._path, self._objects)
        if hashes:
            files.prove(self._path, self._objects, self._files)

    def put_files(self, folder: Path) -> None:
        """Have the files in a folder, too: what is there already is left alone.

        Raises `BackupError`, and touches nothing, where one of them is not what it was: that
        is known once the rows with their hashes are proven.
        """
        self.check_files(hashes=True)
        files.copy(self._objects, files.pool_of(self._path), folder)

    def _load(self, tx: Transaction) -> None:
        lines = archive.read_lines(self._path)
        read_manifest(self._path, lines)
        for sheet in self.manifest.sheets:
            copying.clear(tx, sheet)
        try:
            self._expected = self._load_parts(tx, lines)
        except (ValueError, KeyError) as error:
            raise BackupError(f"The backup {self._path} cannot be read: {error}.") from error

    def _load_parts(self, tx: Transaction, lines: Iterator[bytes]) -> Totals:
        sheets = {sheet.name: sheet for sheet in self.manifest.sheets}
        expected = Totals(tables={}, chats={})
        line = next(lines, None)
        while line is not None:
            match read_part(self._path, line):
                case Section(name=name):
                    rows = _Rows(lines)
                    copying.load(tx, sheets[name], rows)
                    line = rows.after
                case ChatLine(chat_id=chat_id, sum=found):
                    expected.chats[chat_id] = found
                    line = next(lines, None)
                case Ending(tables=tables):
                    return Totals(tables=tables, chats=expected.chats)
        raise BackupError(f"The backup {self._path} has no end.")

    def _prove(self, reader: Reader) -> None:
        expected = self._told()
        if any(sheet.name == "files" for sheet in self.manifest.sheets):
            self._files = list(every_file(reader))
        found = survey(reader, self.manifest.sheets, Sink())
        for name, table in found.tables.items():
            if expected.tables.get(name) != table:
                raise BackupError(
                    f"The backup {self._path} is not proven: the table {name} differs after "
                    "it was restored."
                )
        if found.chats != expected.chats:
            differing = [c for c, s in expected.chats.items() if found.chats.get(c) != s]
            raise BackupError(
                f"The backup {self._path} is not proven: {len(differing)} chats differ after "
                "it was restored."
            )

    def _told(self) -> Totals:
        if self._expected is None:
            raise BackupError(f"Nothing was restored from {self._path} yet.")
        return self._expected


class _Rows(Iterator[bytes]):
    """The lines that are rows; `after` is the first that is not."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._over = False
        self.after: bytes | None = None

    def __next__(self) -> bytes:
        if not self._over:
            line = next(self._lines, None)
            if line is not None and line.startswith(b"["):
                return line
            self._over, self.after = True, line
        raise StopIteration
