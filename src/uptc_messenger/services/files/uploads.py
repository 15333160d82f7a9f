"""Uploads as the database knows them: reserved, filled part by part, settled or let go."""

import secrets
from typing import Any, Final

import msgspec

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import FileId, Millis, Record, UserId
from uptc_messenger.models.errors import BadRequest, Conflict, IdConflict, NotFound, TooLarge
from uptc_messenger.models.files import FileKind, Reservation, Usage
from uptc_messenger.services.files import naming, repository
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.presenting import About
from uptc_messenger.toolkit.ids import uuid7

SMALLEST: Final = 65_536
"""Bytes of a part at least, unless it ends its file: each is a row, an object and a sync."""

_MOST: Final = "A file may have at most {} bytes."
_QUOTA: Final = "Your files would take more than {} bytes: delete some."


class Part(Record, frozen=True):
    """Bytes of a file, and the object that holds them."""

    start: int
    size: int
    object: str


class Place(Record, frozen=True):
    """Where in one's own upload a part goes, and how many bytes it may have."""

    row: Row
    start: int
    most: int


class Taken(Record, frozen=True):
    """An upload that has a part, which this one added or another; how far it is, since when."""

    row: Row
    added: bool
    received: int
    at: Millis


class Settled(Record, frozen=True):
    """What became of an upload; `content` is what is kept in the place of its parts."""

    type: str
    kind: FileKind
    sha256: bytes
    size: int
    about: About
    content: Part | None = None


def reserve(
    tx: Transaction, owner: UserId, wanted: Reservation, config: FilesConfig
) -> tuple[Row, bool]:
    """A file to come, and whether it is new; raises `TooLarge`, `IdConflict`, `BadRequest`."""
    name = naming.clean(wanted.name)
    if (row := repository.by_upload(tx, owner, wanted.upload_id)) is not None:
        if not _is_same(row, name, wanted):
            raise IdConflict("This upload_id was already used for another file.")
        return row, False
    _require_room(tx, owner, wanted.size, config)
    said = About(voice=wanted.voice, alt=naming.described(wanted.alt))
    file_id = FileId(uuid7())
    values: dict[str, Any] = {
        "id": file_id,
        "owner_id": owner,
        "upload_id": wanted.upload_id,
        "purpose": wanted.purpose,
        "state": "pending",
        "name": name,
        "size": wanted.size,
        "key": secrets.token_hex(16),
        "about": None if said == About() else msgspec.to_builtins(said),
        "created_at": tx.now,
        "touched_at": tx.now,
    }
    repository.insert(tx, values)
    return require_own(tx, owner, file_id), True


def require_own(reader: Reader, owner: UserId, file_id: FileId) -> Row:
    """One's own file, whatever its state but doomed; raises `NotFound`."""
    row = repository.by_id(reader, file_id)
    if row is None or row.owner_id != owner or row.state == "doomed":
        raise NotFound("There is no such file.")
    return row


def take_part(tx: Transaction, row: Row, part: Part) -> Taken:
    """Add a part at the end of an upload, unless it is there.

    Raises `Conflict` where the upload goes on elsewhere, `NotFound` where it was let go of.
    """
    if repository.take_part(tx, row.id, part.start, part.size, part.object):
        return Taken(row=row, added=True, received=part.start + part.size, at=tx.now)
    now = require_own(tx, row.owner_id, row.id)
    require_place(now, part.start, part.size)
    return Taken(row=now, added=False, received=now.received, at=now.touched_at)


def require_size(row: Row, start: int, size: int) -> None:
    """Raise `BadRequest` for a part that is too small to be one."""
    if size < SMALLEST and start + size < row.size:
        raise BadRequest(f"A part has at least {SMALLEST} bytes, unless it ends the file.")


def is_next(row: Row, start: int) -> bool:
    """Whether an upload goes on at this place."""
    return row.state == "pending" and row.received == start


def require_place(row: Row, start: int, size: int) -> None:
    """Raise `Conflict` for a part that is not here, and does not go on where the upload does."""
    if not is_next(row, start) and start + size > row.received:
        raise misplaced(row)


def misplaced(row: Row) -> Conflict:
    """The refusal that says where an upload goes on."""
    return Conflict("The upload goes on at another place.", details={"offset": str(row.received)})


def settle(tx: Transaction, row: Row, done: Settled) -> bool:
    """Make an upload a file; False where another request did."""
    values = {
        "size": done.size,
        "type": done.type,
        "kind": done.kind,
        "sha256": done.sha256,
        "about": msgspec.to_builtins(done.about),
    }
    if not repository.finish(tx, row.id, values):
        return False
    if done.content is not None:
        repository.drop_parts(tx, row.id)
        repository.add_part(tx, row.id, 0, done.content.size, done.content.object)
    repository.make_room(tx, row.owner_id, done.size - row.size, 0)
    return True


def require_fits(reader: Reader, row: Row, size: int, config: FilesConfig) -> None:
    """Raise `TooLarge` where a file became larger than it was announced, and that is too much."""
    if size <= row.size:
        return
    if size > config.max_bytes:
        raise _too_large("file_size", config.max_bytes, _MOST)
    if config.user_bytes and repository.stored(reader, row.owner_id) > config.user_bytes:
        raise _too_large("user_quota", config.user_bytes, _QUOTA)


def let_go(tx: Transaction, owner: UserId, file_id: FileId) -> None:
    """Cancel an upload, or delete a file that nothing uses; raises `Conflict` where it is used."""
    row = require_own(tx, owner, file_id)
    if not doom(tx, row):
        raise Conflict("A message or a picture uses this file: delete that.")


def doom(tx: Transaction, row: Row) -> bool:
    """From now on nobody sees the file; False where something uses it."""
    if not repository.doom(tx, row.id):
        return False
    repository.make_room(tx, row.owner_id, -row.size, 0)
    return True


def usage(reader: Reader, owner: UserId, config: FilesConfig) -> Usage:
    """What a person stores, and may."""
    return Usage(
        used_bytes=repository.stored(reader, owner),
        quota_bytes=config.user_bytes or None,
        max_bytes=config.max_bytes,
        part_bytes=config.part_most,
    )


def _is_same(row: Row, name: str, wanted: Reservation) -> bool:
    # What is stored may be smaller than what was sent: where it was taken is left out.
    same_size = row.size == wanted.size or row.state == "ready"
    return row.state != "doomed" and same_size and (row.name, row.purpose) == (name, wanted.purpose)


def _require_room(tx: Transaction, owner: UserId, size: int, config: FilesConfig) -> None:
    if size > config.max_bytes:
        raise _too_large("file_size", config.max_bytes, _MOST)
    if config.server_bytes and repository.all_stored(tx) + size > config.server_bytes:
        raise _too_large("server_quota", config.server_bytes, "This server has no room left.")
    if not repository.make_room(tx, owner, size, config.user_bytes):
        raise _too_large("user_quota", config.user_bytes, _QUOTA)


def _too_large(reason: str, limit: int, sentence: str) -> TooLarge:
    return TooLarge(sentence.format(limit), details={"reason": reason, "limit": str(limit)})
