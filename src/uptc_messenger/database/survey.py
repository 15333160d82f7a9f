"""One pass over a whole database: every line of it, and the sums that prove a copy of it."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from uptc_messenger.database import copying
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.digests import LOG, ChatSum, LogHash, heads
from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import ChatId, Record

_SIZE: Final = 16


class TableSum(Record, frozen=True):
    """How many rows a table has, and the hash of their lines in the order of the key."""

    rows: int
    hash: str


class Totals(Record, frozen=True):
    """What two databases have in common when they hold the same."""

    tables: dict[str, TableSum]
    chats: dict[ChatId, ChatSum]


class Sink:
    """Is told every line of a survey; this one does nothing with them."""

    def begin(self, sheet: Sheet) -> None:
        """The lines that follow are of this table."""

    def add(self, line: bytes) -> None:
        """The next line of the table."""


def survey(reader: Reader, sheets: Sequence[Sheet], sink: Sink) -> Totals:
    """Read all tables of one snapshot, in this order; memory grows with chats, not with rows."""
    logs: dict[ChatId, LogHash] = {}
    how_far: dict[ChatId, tuple[int, int]] = {}
    tables: dict[str, TableSum] = {}
    for sheet in sheets:
        sink.begin(sheet)
        tables[sheet.name] = _survey(reader, sheet, _observer(sheet, logs, how_far), sink)
    chats = {chat_id: logs.pop(chat_id, LogHash()).sum(*far) for chat_id, far in how_far.items()}
    return Totals(tables=tables, chats=chats)


Observer = Callable[[Sequence[Any], bytes], None]


def _survey(reader: Reader, sheet: Sheet, observe: Observer | None, sink: Sink) -> TableSum:
    hashed, count = hashlib.blake2b(digest_size=_SIZE), 0
    for row in copying.rows(reader, sheet):
        line = copying.line(row)
        hashed.update(line)
        hashed.update(b"\n")
        count += 1
        if observe is not None:
            observe(row, line)
        sink.add(line)
    return TableSum(rows=count, hash=hashed.hexdigest())


def _observer(
    sheet: Sheet, logs: dict[ChatId, LogHash], how_far: dict[ChatId, tuple[int, int]]
) -> Observer | None:
    if sheet.name == "chats":
        at = sheet.position("id")

        def note(row: Sequence[Any], _line: bytes) -> None:
            how_far[row[at]] = heads(sheet, row)

        return note
    if sheet.name in LOG:
        at = sheet.position("chat_id")

        def hash_line(row: Sequence[Any], line: bytes) -> None:
            log = logs.get(row[at])
            if log is None:
                log = logs[row[at]] = LogHash()
            log.add(sheet.name, line)

        return hash_line
    return None
