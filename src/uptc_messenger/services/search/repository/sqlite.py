"""The index on SQLite: FTS5 without a text of its own, and a table that knows what is in it."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import slices
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId, Seq
from uptc_messenger.services.search.repository.entries import Entry, Proposal, Wanted
from uptc_messenger.services.search.terms import Term, key_of

_entries: Final = sa.table(
    "search_entries",
    sa.column("place", sa.BigInteger),
    sa.column("chat_id", ID),
    sa.column("seq", sa.BigInteger),
    sa.column("terms", sa.Text),
)
_CHAT: Final = _entries.c.chat_id == sa.bindparam("chat", type_=ID)
_STORED: Final = sa.select(_entries.c.seq, _entries.c.place, _entries.c.terms).where(
    _CHAT, _entries.c.seq.in_(sa.bindparam("seqs", expanding=True))
)
_SOME: Final = (
    sa.select(_entries.c.seq, _entries.c.place, _entries.c.terms)
    .where(_CHAT)
    .limit(sa.bindparam("limit"))
)
_TAKEN: Final = sa.select(_entries.c.place).where(
    _entries.c.place.in_(sa.bindparam("places", expanding=True))
)
_ADD: Final = sa.insert(_entries)
_DROP: Final = sa.delete(_entries).where(_entries.c.place == sa.bindparam("at"))
_DROP_ALL: Final = sa.delete(_entries)
_ADD_TERMS: Final = sa.text("INSERT INTO search_terms (rowid, terms) VALUES (:place, :terms)")
# An index that keeps no text has to be told what it forgets.
_DROP_TERMS: Final = sa.text(
    "INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', :place, :terms)"
)
_DROP_ALL_TERMS: Final = sa.text("INSERT INTO search_terms (search_terms) VALUES ('delete-all')")
# CROSS JOIN holds the order: from the terms, newest first, to who may read them.
_PROPOSE: Final = sa.text(
    "WITH allowed (chat, visible) AS MATERIALIZED (SELECT key, value FROM json_each(:chats)) "
    "SELECT e.chat_id, e.seq, e.place FROM search_terms AS t "
    "CROSS JOIN search_entries AS e ON e.place = t.rowid "
    "CROSS JOIN allowed AS a ON a.chat = hex(e.chat_id) AND e.seq > a.visible "
    "WHERE t.search_terms MATCH :query AND t.rowid >= :since AND t.rowid < :before "
    "ORDER BY t.rowid DESC LIMIT :limit"
).columns(_entries.c.chat_id, _entries.c.seq, _entries.c.place)


def put(tx: Transaction, chat_id: ChatId, entries: Sequence[Entry]) -> None:
    """See the package."""
    stored = {row.seq: row for row in _stored(tx, chat_id, [entry.seq for entry in entries])}
    _remove(tx, list(stored.values()))
    places = {seq: row.place for seq, row in stored.items()}
    new = [entry for entry in entries if entry.terms]
    places |= _free_places(tx, [entry for entry in new if entry.seq not in places])
    # In the order of places: the index takes what ascends without writing to its tree each time.
    rows = [
        {
            "place": places[entry.seq],
            "chat_id": chat_id,
            "seq": entry.seq,
            "terms": " ".join(entry.terms),
        }
        for entry in sorted(new, key=lambda entry: places[entry.seq])
    ]
    if rows:
        tx.run(_ADD, rows)
        tx.run(_ADD_TERMS, rows)


def forget(tx: Transaction, chat_id: ChatId, limit: int) -> int:
    """See the package."""
    found = tx.all(_SOME, {"chat": chat_id, "limit": limit})
    _remove(tx, found)
    return len(found)


def clear(tx: Transaction) -> None:
    """See the package."""
    tx.run(_DROP_ALL_TERMS)
    tx.run(_DROP_ALL)


def propose(reader: Reader, wanted: Wanted) -> Sequence[Proposal]:
    """See the package."""
    if not wanted.chats:
        return []
    values = {
        "chats": msgspec.json.encode(
            {chat.replace("-", "").upper(): seq for chat, seq in wanted.chats.items()}
        ).decode(),
        "query": " OR ".join(_of_chat(chat, wanted) for chat in wanted.chats),
        "since": wanted.since,
        "before": wanted.before,
        "limit": wanted.limit,
    }
    return [Proposal(*row) for row in reader.all(_PROPOSE, values)]


def _of_chat(chat_id: ChatId, wanted: Wanted) -> str:
    key = key_of(chat_id)
    groups = (" OR ".join(_quoted(key, term) for term in group) for group in wanted.groups)
    return "(" + " AND ".join(f"({group})" for group in groups) + ")"


def _quoted(key: str, term: Term) -> str:
    text = (key + term.text).replace('"', '""')
    return f'"{text}"*' if term.prefix else f'"{text}"'


def _stored(tx: Transaction, chat_id: ChatId, seqs: Collection[Seq]) -> list[sa.Row[Any]]:
    parts = slices(seqs)
    return [row for part in parts for row in tx.all(_STORED, {"chat": chat_id, "seqs": part})]


def _remove(tx: Transaction, rows: Sequence[sa.Row[Any]]) -> None:
    if rows:
        tx.run(_DROP_TERMS, [{"place": row.place, "terms": row.terms} for row in rows])
        tx.run(_DROP, [{"at": row.place} for row in rows])


def _free_places(tx: Transaction, entries: Sequence[Entry]) -> dict[Seq, int]:
    """A place for each that nobody else has: the wanted one, or one of those after it."""
    wanted = {entry.place for entry in entries}
    taken = {row.place for part in slices(wanted) for row in tx.all(_TAKEN, {"places": part})}
    given: dict[Seq, int] = {}
    for entry in entries:
        place = entry.place
        while place in taken or (place not in wanted and _is_taken(tx, place)):
            place += 1
        taken.add(place)
        given[entry.seq] = place
    return given


def _is_taken(tx: Transaction, place: int) -> bool:
    return tx.first(_TAKEN, {"places": [place]}) is not None
