"""Ten million messages for a search, put into a PostgreSQL in bulk: rows by COPY, then the index.

The rows are those that the program writes, with terms by its own functions. What differs from
ten million that came one by one: texts repeat (of each there are some two hundred), and an index
that is made at once is packed more tightly than one that grew.
"""

import itertools
import json
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Final, NamedTuple

from bench.corpus import World, at, sender, texts
from uptc_messenger.database.dialing import connect
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.messages.indexing import Said
from uptc_messenger.services.search.repository import Entry, cursors, postgres
from uptc_messenger.services.search.terms import key_of, of_message, place_of
from uptc_messenger.toolkit.ids import uuid7

_DIFFERENT: Final = 25_000
"""Texts of each of the two people."""

_GOLDEN: Final = 2_654_435_769
"""2^32 by the golden ratio: its multiples are spread evenly (Knuth, volume 3, section 6.4)."""

_PIECE: Final = 500
"""Rows for one write to the server."""

_MEMORY: Final = "SET maintenance_work_mem = '1GB'; SET synchronous_commit = off"
_INDEX: Final = (
    "SELECT pg_get_indexdef(indexrelid) FROM pg_index "
    "WHERE indexrelid = 'ix_search_entries_terms'::regclass"
)
_HEADS: Final = "UPDATE chats SET last_seq = $1, last_n = $1 WHERE id = ANY($2::uuid[])"
_CURSORS: Final = "INSERT INTO search_cursors (seq, chat_id) SELECT $1, unnest($2::uuid[])"


class _Text(NamedTuple):
    """A message as it is stored, and its terms without the chat that they begin with."""

    body: str
    terms: list[str]


_DIGEST: Final = "\\\\x" + "00" * 16
_Row = Callable[[ChatId, int], str]


async def fill(url: str, world: World, per_chat: int, upto: int) -> None:
    """Messages up to position `upto` in every chat, of the `per_chat` that there will be."""
    connection: Any = await connect(url.replace("+asyncpg", ""))
    stored, indexed = _makers(world, per_chat)
    [index] = (await connection.fetch(_INDEX))[0]
    await connection.execute(f"{_MEMORY}; DROP INDEX ix_search_entries_terms")
    columns = ["chat_id", "seq", "n", "id", "sender_id", "body", "created_at", "digest"]
    await connection.copy_to_table("messages", columns=columns, source=_pieces(world, upto, stored))
    columns = ["chat_id", "seq", "place", "terms"]
    await connection.copy_to_table(
        "search_entries", columns=columns, source=_pieces(world, upto, indexed)
    )
    # As it is told, it would be made for the parent alone, which has no rows.
    await connection.execute(index.replace(" ON ONLY ", " ON "))
    await connection.execute(_HEADS, upto, world.all)
    await connection.execute(_CURSORS, cursors.ZERO + upto, world.all)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()


def _makers(world: World, per_chat: int) -> tuple[_Row, _Row]:
    """What writes a row of `messages`, and of `search_entries`, in the text form of COPY."""
    pool = _pool(world, per_chat)

    def stored(chat_id: ChatId, seq: int) -> str:
        fields = (
            chat_id,
            str(seq),
            str(seq),
            uuid7(),
            sender(world, seq),
            _text_of(pool, chat_id, seq).body,
            str(at(seq, per_chat)),
            _DIGEST,
        )
        return "\t".join(fields)

    def indexed(chat_id: ChatId, seq: int) -> str:
        key, place = key_of(chat_id), place_of(chat_id, seq, at(seq, per_chat))
        terms = [key + term for term in _text_of(pool, chat_id, seq).terms]
        lexemes = postgres.lexemes(chat_id, Entry(seq, place, terms))
        vector = " ".join(f"'{term}'" for term in lexemes)
        return f"{chat_id}\t{seq}\t{place}\t{vector}"

    return stored, indexed


def _text_of(pool: list[list[_Text]], chat_id: ChatId, seq: int) -> _Text:
    """The same for both rows of a message, and without order."""
    mixed = (zlib.crc32(chat_id.encode()) + seq * _GOLDEN) % (1 << 32)
    return pool[seq % 2][mixed * _DIFFERENT >> 32]


def _pool(world: World, per_chat: int) -> list[list[_Text]]:
    """Texts of each of the two: who wrote one is among its terms."""
    lines, chat_id = texts(), world.chats[0]
    key = key_of(chat_id)

    def made(turn: int, line: str) -> _Text:
        said = Said(
            seq=1, sender_id=sender(world, turn), created_at=at(1, per_chat), text=line, files=0
        )
        terms = [term.removeprefix(key) for term in of_message(chat_id, said)]
        return _Text(json.dumps({"text": line}, ensure_ascii=False), terms)

    return [[made(turn, next(lines)) for _ in range(_DIFFERENT)] for turn in (0, 1)]


async def _pieces(world: World, upto: int, row: _Row) -> AsyncIterator[bytes]:
    rows: Iterator[str] = (row(chat, seq) for chat in world.all for seq in range(1, upto + 1))
    while piece := list(itertools.islice(rows, _PIECE)):
        yield "\n".join([*piece, ""]).encode()
