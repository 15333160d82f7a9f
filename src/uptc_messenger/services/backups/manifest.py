"""What a backup says of itself, first and last."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from uptc_messenger import __version__
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.digests import ChatSum
from uptc_messenger.database.migrate import knows
from uptc_messenger.database.survey import TableSum, Totals
from uptc_messenger.models.base import ChatId, Record
from uptc_messenger.services.backups.archive import BackupError

FORM: Final = 1
_encode: Final = msgspec.json.Encoder().encode


class Manifest(Record, frozen=True, tag="uptc-messenger backup", tag_field="file"):
    """The first line: what was backed up, when, and by which program."""

    version: str
    schema: str
    installation_id: str
    log_epoch: str
    created_at: str
    sheets: tuple[Sheet, ...]
    files: str = ""
    """SHA-256 of the list of its files; empty where those are kept elsewhere."""

    form: int = FORM


class Section(Record, frozen=True, tag="table", tag_field="line"):
    """The rows that follow are of this table."""

    name: str


class ChatLine(Record, frozen=True, tag="chat", tag_field="line"):
    """How far a chat had come, and its digest."""

    chat_id: ChatId
    sum: ChatSum


class Ending(Record, frozen=True, tag="end", tag_field="line"):
    """The last line: the sums of the tables."""

    tables: dict[str, TableSum]
    chats: int


Part = Section | ChatLine | Ending
_form: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_manifest: Final = msgspec.json.Decoder(Manifest)
_part: Final = msgspec.json.Decoder(Part)


def encode(part: Manifest | Part) -> bytes:
    """A line that is no row."""
    return _encode(part)


def read_manifest(path: Path, lines: Iterator[bytes]) -> Manifest:
    """Take the first line; raises `BackupError` unless this program can restore the rest."""
    first = next(lines, b"")
    try:
        known = _form.decode(first)
        form = msgspec.json.decode(known["form"], type=int)
        version = msgspec.json.decode(known["version"], type=str)
        if form > FORM:
            raise newer(path, version)
        manifest = _manifest.decode(first)
    except (KeyError, msgspec.MsgspecError) as error:
        raise BackupError(f"{path} is not a backup of UPTC Messenger.") from error
    if not knows(manifest.schema):
        raise newer(path, manifest.version)
    return manifest


def read_part(path: Path, line: bytes) -> Part:
    """A line that is no row; raises `BackupError` for what no backup has there."""
    try:
        return _part.decode(line)
    except msgspec.MsgspecError as error:
        raise BackupError(f"The backup {path} cannot be read: {error}.") from error


def newer(path: Path, version: str) -> BackupError:
    """The refusal of what a later program made."""
    return BackupError(
        f"The backup {path} was made by uptc-messenger {version}, which is newer than this "
        f"{__version__}: restore it with that version or a later one."
    )


def endings(totals: Totals) -> Iterator[bytes]:
    """The lines after the last row."""
    for chat_id, chat in totals.chats.items():
        yield encode(ChatLine(chat_id=chat_id, sum=chat))
    yield encode(Ending(tables=totals.tables, chats=len(totals.chats)))
