"""The index on PostgreSQL: a `tsvector` of our terms in partitions by chat, with GIN."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository.entries import Entry, Proposal, Wanted
from uptc_messenger.services.search.terms import EVERY, Term, key_of

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
        {"chat": chat_id, "seq": entry.seq, "place": entry.place, "terms": entry.terms}
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


def forget(tx: Transaction, chat_id: ChatId, limit: int) -> int:
    """See the package."""
    every = _quoted(key_of(chat_id), Term(EVERY))
    return tx.run(_FORGET, {"chat": chat_id, "every": every, "limit": limit})


def clear(tx: Transaction) -> None:
    """See the package."""
    tx.run(_CLEAR)


def propose(reader: Reader, wanted: Wanted) -> Sequence[Proposal]:
    """See the package."""
    values = {
        "chats": list(wanted.chats),
        "visible": list(wanted.chats.values()),
        "queries": [_of_chat(chat, wanted) for chat in wanted.chats],
        "since": wanted.since,
        "before": wanted.before,
        "limit": wanted.limit,
    }
    return [Proposal(*row) for row in reader.all(_PROPOSE, values)]


def _of_chat(chat_id: ChatId, wanted: Wanted) -> str:
    key = key_of(chat_id)
    groups = (" | ".join(_quoted(key, term) for term in group) for group in wanted.groups)
    return " & ".join(f"({group})" for group in groups)


def _quoted(key: str, term: Term) -> str:
    text = (key + term.text).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}':*" if term.prefix else f"'{text}'"
