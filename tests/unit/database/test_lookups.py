from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from uptc_messenger.database import Database, Transaction
from uptc_messenger.database.lookups import SLICE, each, in_pairs, slices
from uptc_messenger.database.schema import members
from uptc_messenger.models.base import UserId
from uptc_messenger.toolkit.ids import uuid7


@pytest.mark.parametrize(("size", "parts"), [(0, []), (1, [1]), (SLICE, [SLICE])])
def test_slices_hold_everything(size: int, parts: Sequence[int]):
    assert [len(part) for part in slices(list(range(size)))] == list(parts)


def test_no_slice_is_longer_than_a_statement_takes():
    items = [str(number) for number in range(2 * SLICE + 1)]
    cut = list(slices(items))
    assert [len(part) for part in cut] == [SLICE, SLICE, 1]
    assert [item for part in cut for item in part] == items


async def test_more_ids_than_a_statement_takes(database: Database):
    found = sa.select(members.c.user_id).where(
        members.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
        members.c.role == sa.bindparam("role"),
    )
    chat_id, user_id = uuid7(), uuid7()
    row = {"chat_id": chat_id, "user_id": user_id, "role": "owner", "joined_seq": 0, "joined_at": 0}
    ids = [uuid7() for _ in range(SLICE)] + [chat_id]

    def command(tx: Transaction) -> list[UserId]:
        tx.run(sa.insert(members), row)
        return [row.user_id for row in each(tx, found, ids, role="owner")]

    assert await database.write(command) == [user_id]


async def test_pairs_are_searched_in_the_index(database: Database):
    """SQLite would read the whole table if the pairs stood there as a list."""
    clause = in_pairs("sqlite", members.c.chat_id, members.c.user_id)
    text = str(clause.compile(dialect=sqlite.dialect()))
    searched = text.replace("__[POSTCOMPILE_pairs]", "VALUES (x'00', x'00'), (x'01', x'01')")
    assert searched != text
    plan = sa.text(f"EXPLAIN QUERY PLAN SELECT role FROM members WHERE {searched}")
    steps = [row.detail for row in await database.read(lambda reader: reader.all(plan))]
    assert any("SEARCH members USING PRIMARY KEY" in step for step in steps), steps


def test_postgresql_takes_a_list_of_pairs():
    clause = in_pairs("postgresql", members.c.chat_id, members.c.user_id)
    text = str(clause.compile(dialect=postgresql.dialect()))
    assert text.startswith("(members.chat_id, members.user_id) IN")
    assert "unnest(%(firsts)s::UUID[], %(seconds)s::UUID[])" in text
