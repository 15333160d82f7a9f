from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.unit.services.chats.world import World
from uptc_messenger.database.schema import members
from uptc_messenger.database.lookups import SLICE, each, in_pairs, slices
from uptc_messenger.toolkit.ids import uuid7


@pytest.mark.parametrize(("size", "parts"), [(0, []), (1, [1]), (SLICE, [SLICE])])
def test_slices_hold_everything(size: int, parts: Sequence[int]):
    assert [len(part) for part in slices(list(range(size)))] == list(parts)


def test_no_slice_is_longer_than_a_statement_takes():
    items = [str(number) for number in range(2 * SLICE + 1)]
    cut = list(slices(items))
    assert [len(part) for part in cut] == [SLICE, SLICE, 1]
    assert [item for part in cut for item in part] == items


async def test_more_ids_than_a_statement_takes(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    query = sa.select(members.c.user_id).where(
        members.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
        members.c.role == sa.bindparam("role"),
    )
    ids = [uuid7() for _ in range(SLICE)] + [chat_id]
    found = await world.read(lambda r: list(each(r, query, ids, role="owner")))
    assert [row.user_id for row in found] == [ana.user_id]


async def test_pairs_are_searched_in_the_index(world: World):
    """SQLite would read the whole table if the pairs stood there as a list."""
    query = sa.select(members.c.role).where(
        in_pairs("sqlite", members.c.chat_id, members.c.user_id)
    )
    seen = world.count_statements()
    await world.write(lambda tx: tx.all(query, {"pairs": [(uuid7(), uuid7()), (uuid7(), uuid7())]}))
    (statement,) = [text for text in seen if text.startswith("SELECT")]
    plan = await world.write(lambda tx: tx.all(sa.text(f"EXPLAIN QUERY PLAN {_named(statement)}")))
    assert any("SEARCH members USING PRIMARY KEY" in row.detail for row in plan)


def _named(statement: str) -> str:
    return statement.replace("?", "x'00'")


def test_postgresql_takes_a_list_of_pairs():
    clause = in_pairs("postgresql", members.c.chat_id, members.c.user_id)
    text = str(clause.compile(dialect=postgresql.dialect()))
    assert text.startswith("(members.chat_id, members.user_id) IN")
