"""Files on messages: hung on them, shown with them, let go of with them.

A file is seen by who put it here, and by who may read a message that has it now; a portrait by
everybody, the picture of a chat by its members.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import MAX_SEQ, ChatId, FileId, Record, Seq, UserId, WireSeq
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.files import ChatFile, File, FileKind
from uptc_messenger.services.chats import access
from uptc_messenger.services.files import holding, presenting
from uptc_messenger.services.files import repository as files
from uptc_messenger.services.messages import previews
from uptc_messenger.services.messages.repository import attaching as repository
from uptc_messenger.toolkit.clock import rfc3339

Gallery = Literal["media", "files", "voice"]
_KINDS: Final[dict[Gallery | None, tuple[FileKind, ...]]] = {
    None: ("image", "video", "audio", "voice", "file"),
    "media": ("image", "video"),
    "files": ("audio", "file"),
    "voice": ("voice",),
}
_CHATS: Final = 200
_BATCH: Final = 200
_IN_ONE_COMMIT: Final = 10
"""Messages whose files are let go of together; all other writes of the node wait for it."""

_FIRST: Final = ChatId("00000000-0000-0000-0000-000000000000")


class Place(Record, frozen=True):
    """Where a page of the files of a chat ended."""

    seq: WireSeq
    position: int


def rows_of(chat_id: ChatId, seq: Seq, found: Sequence[File]) -> list[dict[str, Any]]:
    """What says that these files hang on a message."""
    return [
        {
            "chat_id": chat_id,
            "seq": seq,
            "position": position,
            "file_id": file.file_id,
            "kind": file.kind,
        }
        for position, file in enumerate(found)
    ]


def attach(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Hang files that are held on messages."""
    repository.attach(tx, rows)
    holding.use(tx, [row["file_id"] for row in rows])


def detach(tx: Transaction, chat_id: ChatId, seq: Seq) -> None:
    """Take the files off a message; those that nothing else has are gone."""
    found = repository.files_of(tx, chat_id, seq)
    if found:
        repository.detach(tx, chat_id, seq)
        holding.release(tx, found)


def of_deleted(reader: Reader) -> Sequence[ChatId]:
    """Some of the chats that are no more and still have files."""
    return repository.deleted_chats(reader, _BATCH)


def release_chat(tx: Transaction, chat_id: ChatId) -> bool:
    """Let go of some files of a chat that is no more; whether there are more of them."""
    found = repository.some(tx, chat_id, _IN_ONE_COMMIT)
    for seq in sorted(found):
        detach(tx, chat_id, seq)
    return bool(found)


def shown(reader: Reader, rows: Sequence[Row]) -> dict[FileId, File]:
    """The files of these rows of `messages`."""
    wanted = {file_id for row in rows if not row.deleted for file_id in row.file_ids or ()}
    wanted |= previews.images(rows)
    return presenting.shown(reader, wanted)


def require_visible(reader: Reader, user_id: UserId, file_id: FileId) -> Row:
    """A file that is ready and that this person may see now; raises `NotFound`."""
    row = files.by_id(reader, file_id)
    if row is None or row.state != "ready" or not _may_see(reader, user_id, row):
        raise NotFound("There is no such file.")
    return row


def page(
    reader: Reader, member: Member, kind: Gallery | None, after: Place | None, limit: int
) -> tuple[list[ChatFile], Place | None]:
    """Files of a chat that its member may see, newest first, and where the page ends."""
    at = {
        "after_seq": member.visible_after,
        "before_seq": MAX_SEQ if after is None else after.seq,
        "after_position": -1 if after is None else after.position,
        "limit": limit + 1,
    }
    rows = repository.page(reader, member.chat_id, _KINDS[kind], at)
    known = presenting.shown(reader, {row.file_id for row in rows[:limit]})
    found = [_chat_file(row, known[row.file_id]) for row in rows[:limit] if row.file_id in known]
    end = rows[limit - 1] if len(rows) > limit else None
    return found, None if end is None else Place(seq=end.seq, position=end.position)


def _chat_file(row: Row, file: File) -> ChatFile:
    return ChatFile(
        file=file,
        message_id=row.id,
        seq=row.seq,
        sender_id=row.sender_id,
        created_at=rfc3339(row.created_at),
    )


def _may_see(reader: Reader, user_id: UserId, row: Row) -> bool:
    if row.owner_id in {user_id, row.picture_of}:
        return True
    if row.picture_of is not None:
        pair = (user_id, ChatId(row.picture_of))
        return pair in access.find_members(reader, [pair])
    return _reads_it_somewhere(reader, user_id, row.id)


def _reads_it_somewhere(reader: Reader, user_id: UserId, file_id: FileId) -> bool:
    after = _FIRST
    while True:
        rows = repository.places(reader, file_id, user_id, after, _CHATS)
        newest = {row.chat_id: row.seq for row in rows}
        proofs = access.find_members(reader, [(user_id, chat_id) for chat_id in newest])
        if any(newest[m.chat_id] > m.visible_after for m in proofs.values()):
            return True
        if len(rows) < _CHATS:
            return False
        after = rows[-1].chat_id
