"""Several statements as one; that a send takes four trips: tests/contracts/test_trips.py."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tests.postgres import Postgres
from uptc_messenger.database import together
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.driven import Rows
from uptc_messenger.database.lookups import DIALECTS, in_pairs
from uptc_messenger.database.prepared import Keys, Lookup, Write
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.together import Lock
from uptc_messenger.database.types import ID, JSON
from uptc_messenger.toolkit.ids import uuid7

meta = sa.MetaData()
logs = sa.Table("logs", meta, sa.Column("id", ID, primary_key=True), sa.Column("head", sa.Integer))
notes = sa.Table(
    "notes",
    meta,
    sa.Column("log", ID, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("text", JSON),
)
WANTED: dict[str, Any] = {
    "sqlite": logs.c.id.in_(sa.bindparam("ids", expanding=True)),
    "postgresql": logs.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(ID, dimensions=1))),
}
FOUND = {dialect: sa.select(logs).where(WANTED[dialect]) for dialect in DIALECTS}
HELD = {**FOUND, "postgresql": FOUND["postgresql"].order_by(logs.c.id).with_for_update()}
LOCK = Lock(held=Lookup(HELD, by="ids"), seen=Lookup(FOUND, by="ids"))
NOTES = Lookup(
    {d: sa.select(notes).where(in_pairs(d, notes.c.log, notes.c.id)) for d in DIALECTS}, by="pairs"
)
TEXTS = Lookup(
    {d: sa.select(notes.c.text).where(in_pairs(d, notes.c.log, notes.c.id)) for d in DIALECTS},
    by="pairs",
)
PUT = Write(sa.insert(notes), "log", "id", "text")
MOVE = Write(
    sa.update(logs).where(logs.c.id == sa.bindparam("log")).values(head=sa.bindparam("at")),
    held=True,
)
LOG, NOTE = uuid7(), uuid7()


def write(connection: sa.Connection, log: str, at: int, note: str, text: object) -> None:
    rows = [{"log": log, "id": note, "text": text}]
    together.write(connection, [(PUT, rows), (MOVE, [{"log": log, "at": at}]), (PUT, [])])


def read(connection: sa.Connection, *pairs: tuple[str, str]) -> tuple[Rows, list[Rows]]:
    keys: Keys = sorted({log for log, _ in pairs})
    held, found = together.hold(
        connection, LOCK, keys, [(NOTES, pairs), (NOTES, ()), (TEXTS, pairs)]
    )
    return [tuple(row) for row in held], [[tuple(row) for row in rows] for rows in found]


def both_agree(connection: sa.Connection) -> None:
    other, absent = uuid7(), uuid7()
    connection.execute(sa.insert(logs), [{"id": each, "head": 0} for each in (LOG, other)])
    write(connection, LOG, 1, NOTE, {"a": "b"})
    write(connection, other, 1, NOTE, None)
    held, found = read(connection, (LOG, NOTE), (other, absent), (absent, NOTE))
    assert sorted(held) == sorted([(LOG, 1), (other, 1)])
    assert found == [[(LOG, NOTE, {"a": "b"})], [], [({"a": "b"},)]]
    assert read(connection) == ([], [[], [], []])


def test_on_sqlite_they_run_in_turn(tmp_path: Path):
    engine = make_engine(tmp_path / "x.db", writer=True)
    with engine.connect() as connection, connection.begin():
        meta.create_all(connection)
        both_agree(connection)
    engine.dispose()


@pytest_asyncio.fixture
async def engine(server: Postgres) -> AsyncGenerator[AsyncEngine, None]:
    name = f"test_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    made = engine_at_primary(parse_url(server.url(name)), "test")
    async with made.begin() as connection:
        await connection.run_sync(meta.create_all)
    yield made
    await made.dispose()


async def test_on_postgresql_they_are_one(engine: AsyncEngine):
    async with engine.begin() as connection:
        await connection.run_sync(both_agree)


async def waiting(connection: AsyncConnection) -> None:
    """Return when somebody waits for a lock."""
    query = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while not (await connection.execute(query)).scalar():  # noqa: ASYNC110 - of another program
            await asyncio.sleep(0.01)


async def test_what_was_written_while_it_waited_for_the_lock_is_found(engine: AsyncEngine):
    async with engine.begin() as connection:
        await connection.execute(sa.insert(logs), [{"id": LOG, "head": 0}])
    async with engine.connect() as one, engine.connect() as other:
        await one.run_sync(read, (LOG, NOTE))

        async def commit() -> None:
            await one.run_sync(write, LOG, 1, NOTE, "meanwhile")
            await waiting(one)
            await one.commit()

        asked = other.run_sync(read, (LOG, NOTE))
        (held, found), _ = await asyncio.gather(asked, commit())
        assert (held, found[2]) == ([(LOG, 1)], [("meanwhile",)])


async def test_an_update_of_rows_that_are_not_held_is_refused(engine: AsyncEngine):
    careless = Write(MOVE._statement)
    async with engine.begin() as connection:
        with pytest.raises(TypeError):
            await connection.run_sync(careless.run, [{"log": LOG, "at": 1}])
