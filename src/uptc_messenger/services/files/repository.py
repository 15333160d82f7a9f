"""The SQL of files: their rows, their parts, and what they take."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.file_tables import file_parts, files, storage
from uptc_messenger.database.lookups import each
from uptc_messenger.models.base import FileId, Millis, UploadId, UserId

Rows = Sequence[sa.Row[Any]]
_ONE: Final = files.c.id == sa.bindparam("file")
_BY_ID: Final = sa.select(files).where(_ONE)
_BY_IDS: Final = sa.select(files).where(files.c.id.in_(sa.bindparam("ids", expanding=True)))
_HELD: Final = _BY_IDS.order_by(files.c.id).with_for_update()
_BY_UPLOAD: Final = sa.select(files).where(
    files.c.owner_id == sa.bindparam("owner"), files.c.upload_id == sa.bindparam("upload")
)
_INSERT: Final = sa.insert(files)
_PENDING: Final = sa.and_(_ONE, files.c.state == "pending")
_TAKE_PART: Final = (
    sa.update(files)
    .where(_PENDING, files.c.received == sa.bindparam("begin"))
    .values(received=files.c.received + sa.bindparam("more"), touched_at=sa.bindparam("now"))
)
_RESET: Final = sa.update(files).where(_PENDING).values(received=0, touched_at=sa.bindparam("now"))
_FINISH: Final = (
    sa.update(files)
    .where(_PENDING, files.c.received == files.c.size)
    .values(
        state="ready",
        size=sa.bindparam("new_size"),
        received=sa.bindparam("new_size"),
        type=sa.bindparam("new_type"),
        kind=sa.bindparam("new_kind"),
        sha256=sa.bindparam("new_sha256"),
        about=sa.bindparam("new_about"),
        touched_at=sa.bindparam("now"),
    )
)
_USE: Final = (
    sa.update(files)
    .where(_ONE)
    .values(uses=files.c.uses + sa.bindparam("more"), touched_at=sa.bindparam("now"))
)
_PICTURE: Final = sa.update(files).where(_ONE).values(picture_of=sa.bindparam("whose"))
_DOOM: Final = (
    sa.update(files)
    .where(_ONE, files.c.state != "doomed", files.c.uses == 0)
    .values(state="doomed", touched_at=sa.bindparam("now"))
)
# In the words of the index, which is of these alone.
_UNUSED: Final = sa.text("uses = 0")
_STALE: Final = (
    sa.select(files.c.id)
    .where(
        files.c.state == sa.bindparam("state"),
        _UNUSED,
        files.c.touched_at < sa.bindparam("before"),
    )
    .order_by(files.c.touched_at)
    .limit(sa.bindparam("limit"))
)
_DOOMED: Final = (
    sa.select(files.c.id, files.c.key, files.c.touched_at)
    .where(
        files.c.state == "doomed",
        _UNUSED,
        files.c.touched_at >= sa.bindparam("at"),
        sa.or_(files.c.touched_at > sa.bindparam("at"), files.c.id > sa.bindparam("after")),
    )
    .order_by(files.c.touched_at, files.c.id)
    .limit(sa.bindparam("limit"))
)
_REMOVE: Final = sa.delete(files).where(_ONE, files.c.state == "doomed")
_OF_FILE: Final = file_parts.c.file_id == sa.bindparam("file")
_PARTS: Final = sa.select(file_parts).where(_OF_FILE).order_by(file_parts.c.start)
_OVERLAPPING: Final = _PARTS.where(
    file_parts.c.start < sa.bindparam("end"),
    file_parts.c.start + file_parts.c.size > sa.bindparam("begin"),
)
_INSERT_PART: Final = sa.insert(file_parts)
_DROP_PARTS: Final = sa.delete(file_parts).where(_OF_FILE)
_ROOM: Final = (
    sa.update(storage)
    .where(
        storage.c.user_id == sa.bindparam("owner"),
        storage.c.bytes + sa.bindparam("more") <= sa.bindparam("most"),
    )
    .values(bytes=storage.c.bytes + sa.bindparam("more"))
)
_STORED: Final = sa.select(storage.c.bytes).where(storage.c.user_id == sa.bindparam("owner"))
_ALL_STORED: Final = sa.select(
    sa.cast(sa.func.coalesce(sa.func.sum(storage.c.bytes), 0), sa.BigInteger)
)
_EVERY: Final = (
    sa.select(files.c.id, files.c.sha256, files.c.about)
    .where(files.c.state == "ready")
    .order_by(files.c.id)
)
_EVERY_PART: Final = (
    sa.select(file_parts.c.file_id, file_parts.c.object, file_parts.c.size)
    .join(files, files.c.id == file_parts.c.file_id)
    .where(files.c.state != "doomed")
)
_UNLIMITED: Final = 2**62


def by_id(reader: Reader, file_id: FileId) -> sa.Row[Any] | None:
    return reader.first(_BY_ID, {"file": file_id})


def by_ids(reader: Reader, file_ids: Collection[FileId]) -> dict[FileId, sa.Row[Any]]:
    return {row.id: row for row in each(reader, _BY_IDS, file_ids)}


def held(tx: Transaction, file_ids: Collection[FileId]) -> dict[FileId, sa.Row[Any]]:
    """The same, locked in one order until the commit."""
    return {row.id: row for row in each(tx, _HELD, file_ids)}


def by_upload(reader: Reader, owner: UserId, upload: UploadId) -> sa.Row[Any] | None:
    return reader.first(_BY_UPLOAD, {"owner": owner, "upload": upload})


def insert(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a file that is to come: the columns of `files`."""
    tx.run(_INSERT, row)


def take_part(tx: Transaction, file_id: FileId, start: int, size: int, name: str) -> bool:
    """Add a part at the end; False where the end is elsewhere."""
    moved = tx.run(_TAKE_PART, {"file": file_id, "begin": start, "more": size, "now": tx.now})
    if moved:
        add_part(tx, file_id, start, size, name)
    return bool(moved)


def add_part(tx: Transaction, file_id: FileId, start: int, size: int, name: str) -> None:
    """Say which object holds the bytes from `start` on."""
    row = {"file_id": file_id, "start": start, "size": size, "object": name}
    tx.run(_INSERT_PART, row)


def reset(tx: Transaction, file_id: FileId) -> bool:
    """Forget what was uploaded; False where the file is no more pending."""
    if not tx.run(_RESET, {"file": file_id, "now": tx.now}):
        return False
    drop_parts(tx, file_id)
    return True


def drop_parts(tx: Transaction, file_id: FileId) -> None:
    tx.run(_DROP_PARTS, {"file": file_id})


def finish(tx: Transaction, file_id: FileId, values: dict[str, Any]) -> bool:
    """Make a file ready: size, type, kind, sha256 and about; False where it is no more pending."""
    new = {f"new_{name}": value for name, value in values.items()}
    return bool(tx.run(_FINISH, {"file": file_id, "now": tx.now, **new}))


def use(tx: Transaction, file_ids: Sequence[FileId], more: int) -> None:
    """Count uses of files that are held, or (-1) count them no more."""
    if file_ids:
        tx.run(_USE, [{"file": each_, "more": more, "now": tx.now} for each_ in file_ids])


def set_picture(tx: Transaction, file_id: FileId, whose: str | None) -> None:
    """Say of whom, or of which chat, a file is the picture."""
    tx.run(_PICTURE, {"file": file_id, "whose": whose})


def doom(tx: Transaction, file_id: FileId) -> bool:
    """Let go of a file unless something uses it; False where something does."""
    return bool(tx.run(_DOOM, {"file": file_id, "now": tx.now}))


def stale(reader: Reader, state: str, before: Millis, limit: int) -> list[FileId]:
    """Files in this state that nothing uses, untouched since before an instant."""
    values = {"state": state, "before": before, "limit": limit}
    return [row.id for row in reader.all(_STALE, values)]


def doomed(reader: Reader, after: tuple[Millis, FileId], limit: int) -> Rows:
    """(id, key, touched_at) of files whose objects are to be deleted, by `touched_at` and id."""
    return reader.all(_DOOMED, {"at": after[0], "after": after[1], "limit": limit})


def remove(tx: Transaction, file_id: FileId) -> bool:
    """Forget a file whose objects are gone."""
    if not tx.run(_REMOVE, {"file": file_id}):
        return False
    drop_parts(tx, file_id)
    return True


def parts(reader: Reader, file_id: FileId) -> Rows:
    """(file_id, start, size, object) in order."""
    return reader.all(_PARTS, {"file": file_id})


def overlapping(reader: Reader, file_id: FileId, begin: int, end: int) -> Rows:
    """The parts that have some of the bytes [begin, end), in order."""
    return reader.all(_OVERLAPPING, {"file": file_id, "begin": begin, "end": end})


def make_room(tx: Transaction, owner: UserId, more: int, most: int) -> bool:
    """Count what a person stores; False where it would be more than `most`, if that is not 0."""
    tx.add_absent(storage, {"user_id": owner, "bytes": 0})
    return bool(tx.run(_ROOM, {"owner": owner, "more": more, "most": most or _UNLIMITED}))


def stored(reader: Reader, owner: UserId) -> int:
    """What the files of a person take."""
    return reader.value(_STORED, {"owner": owner}) or 0


def all_stored(reader: Reader) -> int:
    """What all files take."""
    return reader.value(_ALL_STORED) or 0


def every(reader: Reader) -> Any:  # noqa: ANN401 - an iterator of rows
    """(id, sha256, about) of every file that is ready, one after the other."""
    return reader.stream(_EVERY)


def every_part(reader: Reader) -> Any:  # noqa: ANN401 - an iterator of rows
    """(file_id, object, size) of every part of files that are not doomed."""
    return reader.stream(_EVERY_PART)
