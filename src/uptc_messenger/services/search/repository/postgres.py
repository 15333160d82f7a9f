"""The index on PostgreSQL: a `tsvector` of our terms in partitions by chat, with GIN.

GIN gives all that have a term, in no order: of a frequent word that is a chat's whole life. So
each entry has terms of its time as well, and what is looked for is looked for in the newest
stretch of time first, then in one sixteen times as long, and only at last in all there is.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository.entries import Entry, Proposal, Wanted
from uptc_messenger.services.search.terms import EVERY, Groups, Term, first_place, key_of

_STRETCH_BITS: Final = 50
"""A stretch of time is as many places: 12 days."""

_DIGITS: Final = 4
"""Of the number of a stretch, to the base of 16."""

_STEPS: Final = 2
"""Stretches of 12 days and of 200 have terms, and are asked before all time."""

_AHEAD_MS: Final = 3_600_000
"""Clocks of nodes differ: a message may be from a moment that is still to come."""

_PUT: Final = sa.text(
    "INSERT INTO search_entries (chat_id, seq, place, terms) "
    "VALUES (CAST(:chat AS uuid), :seq, :place, array_to_tsvector(CAST(:terms AS text[]))) "
    "ON CONFLICT (place, chat_id, seq) DO UPDATE SET terms = excluded.terms"
)
_DROP: Final = sa.text(
    "DELETE FROM search_entries "
    "WHERE place = :place AND chat_id = CAST(:chat AS uuid) AND seq = :seq"
)
# By the term that every message of the chat has: the key does not begin with the chat.
_FORGET: Final = sa.text(
    "DELETE FROM search_entries WHERE chat_id = CAST(:chat AS uuid) AND (place, seq) IN ("
    "SELECT place, seq FROM search_entries WHERE chat_id = CAST(:chat AS uuid) "
    "AND terms @@ CAST(:every AS tsquery) LIMIT :limit)"
)
_CLEAR: Final = sa.text("TRUNCATE search_entries")
# `+ 0`, because the key is no way to a chat's newest messages: it would be read for each chat
# from one end to the other, which since PostgreSQL 18 looks cheap to the planner.
_PROPOSE: Final = sa.text(
    "SELECT e.chat_id, e.seq, e.place "
    "FROM unnest(CAST(:chats AS uuid[]), CAST(:visible AS bigint[]), CAST(:queries AS text[])) "
    "AS w (chat_id, visible, query) CROSS JOIN LATERAL ("
    "SELECT c.chat_id, c.seq, c.place FROM search_entries AS c "
    "WHERE c.chat_id = w.chat_id AND c.terms @@ CAST(w.query AS tsquery) "
    "AND c.seq > w.visible AND c.place + 0 >= :since AND c.place + 0 < :before "
    "ORDER BY c.place + 0 DESC LIMIT :limit) AS e "
    "ORDER BY e.place DESC LIMIT :limit"
).columns(
    sa.column("chat_id", ID), sa.column("seq", sa.BigInteger), sa.column("place", sa.BigInteger)
)


def put(tx: Transaction, chat_id: ChatId, entries: Sequence[Entry]) -> None:
    """See the package."""
    rows = [
        {
            "chat": chat_id,
            "seq": entry.seq,
            "place": entry.place,
            "terms": lexemes(chat_id, entry),
        }
        for entry in entries
        if entry.terms
    ]
    if rows:
        tx.run(_PUT, rows)
    gone = [
        {"chat": chat_id, "seq": entry.seq, "place": entry.place}
        for entry in entries
        if not entry.terms
    ]
    if gone:
        tx.run(_DROP, gone)


def lexemes(chat_id: ChatId, entry: Entry) -> list[str]:
    """What the `tsvector` of an entry holds: its terms, and those of its time."""
    key = key_of(chat_id)
    return [*entry.terms, *(key + time for time in _times_of(entry.place))]


def forget(tx: Transaction, chat_id: ChatId, limit: int) -> int:
    """See the package."""
    every = _quoted(key_of(chat_id), Term(EVERY))
    return tx.run(_FORGET, {"chat": chat_id, "every": every, "limit": limit})


def clear(tx: Transaction) -> None:
    """See the package."""
    tx.run(_CLEAR)


def propose(reader: Reader, wanted: Wanted) -> Sequence[Proposal]:
    """See the package."""
    found: list[Proposal] = []
    for since, times in _stretches(wanted):
        found = _within(reader, wanted, since, times)
        if len(found) == wanted.limit:
            break
    return found


def _stretches(wanted: Wanted) -> Iterator[tuple[int, tuple[Term, ...]]]:
    """From where on, and the terms of that time; at last all that is wanted."""
    if wanted.since >= wanted.before:
        return
    ahead = first_place(wanted.now + _AHEAD_MS)
    newest = (min(wanted.before, ahead) - 1) >> _STRETCH_BITS
    for digits in range(_STEPS):
        # Two of them: the newest has perhaps only begun.
        first = ((newest >> 4 * digits) - 1) << 4 * digits
        since = first << _STRETCH_BITS
        if since <= wanted.since or first < 0:
            break
        # Behind what is said now there is nothing, and a whole block has one term.
        last = newest if wanted.before < ahead else newest | (1 << 4 * digits) - 1
        yield since, tuple(_cover(first, last))
    if not wanted.since and wanted.before >= ahead:
        yield 0, ()
    else:
        # Of a word that is said every day, what is outside of the time would be read as well.
        first, last = wanted.since >> _STRETCH_BITS, (wanted.before - 1) >> _STRETCH_BITS
        yield wanted.since, tuple(_cover(first, last))


def _cover(first: int, last: int) -> Iterator[Term]:
    """The fewest terms that all stretches from one to another have, and no other one."""
    while first <= last:
        digits = 0
        while digits < _DIGITS and _block_ends(first, digits + 1, last):
            digits += 1
        # A beginning is dear: all that have one of its terms are gathered before they are compared.
        yield Term(_time(first, digits), prefix=digits >= _STEPS)
        first += 1 << 4 * digits


def _block_ends(first: int, digits: int, last: int) -> bool:
    """Whether a block of so many digits begins here and ends by then."""
    size = 1 << 4 * digits
    return first % size == 0 and first + size - 1 <= last


def _within(reader: Reader, wanted: Wanted, since: int, times: tuple[Term, ...]) -> list[Proposal]:
    groups = (*wanted.groups, times) if times else wanted.groups
    values = {
        "chats": list(wanted.chats),
        "visible": list(wanted.chats.values()),
        "queries": [_of_chat(chat, groups) for chat in wanted.chats],
        "since": since,
        "before": wanted.before,
        "limit": wanted.limit,
    }
    return [Proposal(*row) for row in reader.all(_PROPOSE, values)]


def _times_of(place: int) -> list[str]:
    return [_time(place >> _STRETCH_BITS, digits) for digits in range(_STEPS)]


def _time(stretch: int, digits: int) -> str:
    """The term of a stretch, or without some digits that of the block that it is in."""
    number = f"{stretch:0{_DIGITS}x}"
    return "~" + number[: len(number) - digits]


def _of_chat(chat_id: ChatId, groups: Groups) -> str:
    key = key_of(chat_id)
    joined = (" | ".join(_quoted(key, term) for term in group) for group in groups)
    return " & ".join(f"({group})" for group in joined)


def _quoted(key: str, term: Term) -> str:
    text = (key + term.text).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}':*" if term.prefix else f"'{text}'"
