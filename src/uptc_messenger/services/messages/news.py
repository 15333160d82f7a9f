"""What a reader of the log needs who tells people of it: who said what, and whom it calls."""

from collections.abc import Collection, Iterable

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.services.messages.repository import reading as repository


class News(Record, frozen=True):
    """A message that is there, with its text as it was written; `called` is as on the wire."""

    seq: Seq
    n: int
    sender_id: UserId
    created_at: Millis
    text: str
    called: tuple[str, ...]
    files: int


def between(reader: Reader, chat_id: ChatId, after: Seq, upto: Seq, limit: int) -> list[News]:
    """The messages in (after, upto] that were not deleted, oldest first; of more the oldest."""
    return _present(repository.forward(reader, chat_id, after, upto + 1, limit))


def newest(reader: Reader, chat_id: ChatId, upto: Seq, limit: int) -> list[News]:
    """The newest messages up to a position that were not deleted, oldest first."""
    return _present(reversed(repository.backward(reader, chat_id, 0, upto + 1, limit)))


def back(reader: Reader, chat_id: ChatId, upto: Seq, limit: int) -> tuple[list[News], Seq | None]:
    """The same, and up to where there is more before them; None at the beginning."""
    rows = repository.backward(reader, chat_id, 0, upto + 1, limit)
    return _present(reversed(rows)), rows[-1].seq - 1 if len(rows) == limit else None


def at(reader: Reader, chat_id: ChatId, seqs: Collection[Seq]) -> list[News]:
    """The messages at these positions that were not deleted, oldest first."""
    found = repository.by_seqs(reader, chat_id, seqs)
    return _present(found[seq] for seq in sorted(found))


def _present(rows: Iterable[Row]) -> list[News]:
    return [_news(row) for row in rows if not row.deleted and row.kind == "text"]


def _news(row: Row) -> News:
    return News(
        seq=row.seq,
        n=row.n,
        sender_id=row.sender_id,
        created_at=row.created_at,
        text=row.body["text"],
        called=tuple(row.mentions or ()),
        files=len(row.file_ids or ()),
    )
