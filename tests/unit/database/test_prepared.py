from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from uptc_messenger.database.lookups import DIALECTS, in_pairs
from uptc_messenger.database.prepared import Lookup, Write
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.types import ID, JSON
from uptc_messenger.toolkit.ids import uuid7

things = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("owner", ID, nullable=False),
    sa.Column("body", JSON),
    sa.Column("seen", sa.Boolean, nullable=False, server_default=sa.false()),
)
STORE = Write(sa.insert(things), "id", "owner", "body")
SEE = Write(
    sa.update(things)
    .where(things.c.id == sa.bindparam("thing"))
    .values(seen=sa.bindparam("mark"), body=sa.bindparam("text"))
)
BY_ID = Lookup(
    dict.fromkeys(
        DIALECTS,
        sa.select(things).where(things.c.id.in_(sa.bindparam("ids", expanding=True))),
    ),
    by="ids",
)
BY_PAIR = Lookup(
    {d: sa.select(things.c.id).where(in_pairs(d, things.c.owner, things.c.id)) for d in DIALECTS},
    by="pairs",
)


@pytest.fixture
def connection(tmp_path: Path):
    engine = make_engine(tmp_path / "x.db", writer=True)
    with engine.connect() as connection, connection.begin():
        things.create(connection)
        yield connection
    engine.dispose()


def thing(owner: str, body: object = None) -> dict[str, Any]:
    return {"id": uuid7(), "owner": owner, "body": body}


@pytest.mark.parametrize("count", [1, 2, 3, 5, 64, 200])
def test_what_is_stored_is_found_as_it_was_given(connection: sa.Connection, count: int):
    rows = [thing(uuid7(), {"n": number} if number % 2 else None) for number in range(count)]
    STORE.run(connection, rows)
    found = BY_ID.rows(connection, [row["id"] for row in rows])
    assert sorted(found) == sorted((r["id"], r["owner"], r["body"], False) for r in rows)


def test_it_reads_what_sqlalchemy_wrote_and_the_other_way_round(connection: sa.Connection):
    one, other = thing(uuid7(), ["a"]), thing(uuid7(), "b")
    connection.execute(sa.insert(things), [one])
    STORE.run(connection, [other])
    query = sa.select(things).where(things.c.id == other["id"])
    assert [tuple(row) for row in connection.execute(query)] == [(*other.values(), False)]
    assert BY_ID.rows(connection, [one["id"]]) == [(*one.values(), False)]


def test_an_update_takes_the_values_of_each(connection: sa.Connection):
    rows = [thing(uuid7()), thing(uuid7()), thing(uuid7())]
    STORE.run(connection, rows)
    marks = [{"thing": row["id"], "mark": True, "text": {"at": n}} for n, row in enumerate(rows)]
    SEE.run(connection, marks[:2])
    found = {row[0]: row[2:] for row in BY_ID.rows(connection, [row["id"] for row in rows])}
    assert [found[row["id"]] for row in rows] == [
        ({"at": 0}, True),
        ({"at": 1}, True),
        (None, False),
    ]


def test_a_pair_is_found_and_its_halves_are_not(connection: sa.Connection):
    one, other = thing(uuid7()), thing(uuid7())
    STORE.run(connection, [one, other])
    wanted = [(one["owner"], one["id"]), (one["owner"], other["id"]), (uuid7(), one["id"])]
    assert BY_PAIR.rows(connection, wanted) == [(one["id"],)]


def test_refusals_are_those_of_sqlalchemy_and_name_no_value(connection: sa.Connection):
    row = thing(uuid7(), "canary")
    STORE.run(connection, [row])
    with pytest.raises(IntegrityError) as refused:
        STORE.run(connection, [row])
    assert "canary" not in str(refused.value)
    connection.exec_driver_sql("DROP TABLE things")
    with pytest.raises(OperationalError):
        BY_ID.rows(connection, [row["id"]])


def test_a_savepoint_undoes_it(connection: sa.Connection):
    row = thing(uuid7())
    point = connection.begin_nested()
    STORE.run(connection, [row])
    point.rollback()
    assert BY_ID.rows(connection, [row["id"]]) == []
