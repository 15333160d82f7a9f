"""What a reader of the log needs who keeps texts: which messages changed, and what they say."""

from collections.abc import Collection, Mapping, Sequence

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.frames import Head
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.messages import attachments
from uptc_messenger.services.messages.repository import reading as repository


class Said(Record, frozen=True):
    """A message that was posted or changed, as it is now; `text` is None once it is deleted.

    The names of its files belong to what it says, behind its text.
    """

    seq: Seq
    sender_id: UserId
    created_at: Millis
    text: str | None
    files: int


class Stretch(Record, frozen=True):
    """The messages that the log over (after, to_seq] posted or changed."""

    to_seq: Seq
    said: list[Said]
    more: bool


def stretch(reader: Reader, head: Head, after: Seq, limit: int) -> Stretch:
    """Up to `limit` entries of the log that ends at `head`, after a position.

    A text is at least as new as `to_seq`: a later change of it is in a later stretch.
    """
    chat_id, upto = head.chat_id, min(after + limit, head.seq)
    if upto <= after:
        return Stretch(to_seq=after, said=[], more=False)
    rows = {r.seq: r for r in repository.forward(reader, chat_id, after, upto + 1, limit)}
    changes = chat_log.changes_between(reader, chat_id, after, upto)
    changed = {c.ref_seq for c in changes if c.kind in {"message.edited", "message.deleted"}}
    rows |= repository.by_seqs(reader, chat_id, changed - rows.keys())
    texts = texts_of(reader, list(rows.values()))
    said = [_said(rows[seq], texts) for seq in sorted(rows) if rows[seq].kind == "text"]
    return Stretch(to_seq=upto, said=said, more=upto < head.seq)


def rows_of(
    reader: Reader, places: Collection[tuple[ChatId, Seq]]
) -> Mapping[tuple[ChatId, Seq], Row]:
    """The rows of `messages` at these places of any chats that are there and not deleted."""
    found: Sequence[Row] = repository.by_places(reader, places)
    return {(row.chat_id, row.seq): row for row in found if not row.deleted}


def texts_of(reader: Reader, rows: Collection[Row]) -> dict[tuple[ChatId, Seq], str]:
    """What each row that is not deleted says: its text, and behind it the names of its files."""
    said = [row for row in rows if not row.deleted]
    files = attachments.shown(reader, said)
    return {
        (row.chat_id, row.seq): "\n".join(
            (row.body["text"], *(files[each].name for each in row.file_ids or () if each in files))
        )
        for row in said
    }


def _said(row: Row, texts: Mapping[tuple[ChatId, Seq], str]) -> Said:
    return Said(
        seq=row.seq,
        sender_id=row.sender_id,
        created_at=row.created_at,
        text=texts.get((row.chat_id, row.seq)),
        files=len(row.file_ids or ()),
    )
