import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.postgres import Postgres
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.driven import Driven, reader
from uptc_messenger.database.types import ID
from uptc_messenger.toolkit.ids import uuid7

things = sa.Table(
    "driven_things", sa.MetaData(), sa.Column("id", ID, primary_key=True), sa.Column("n", sa.Text)
)


@pytest_asyncio.fixture
async def engine(server: Postgres) -> AsyncGenerator[AsyncEngine, None]:
    made = engine_at_primary(parse_url(server.url("postgres")), "test")
    async with made.begin() as connection:
        await connection.run_sync(things.drop, checkfirst=True)
        await connection.run_sync(things.create)
    yield made
    await made.dispose()


def found(connection: sa.Connection, name: str) -> list[tuple[object, ...]]:
    wanted = sa.select(things.c.id, sa.literal("said")).where(things.c.id == sa.bindparam("wanted"))
    read = reader(ID, connection.dialect)
    rows = Driven(wanted, connection.dialect).run(connection, {"wanted": name})
    return [(read(row[0]), row[1]) for row in rows]


async def test_what_it_wrote_is_committed_and_found_as_it_was_given(engine: AsyncEngine):
    name = uuid7()
    async with engine.connect() as connection:
        put = Driven(sa.insert(things).values(id=sa.bindparam("it")), connection.dialect)
        await connection.run_sync(put.run, {"it": name})
        assert await connection.run_sync(found, name) == [(name, "said")]
        await connection.commit()
    async with engine.connect() as connection:
        assert await connection.run_sync(found, name) == [(name, "said")]


async def test_a_refusal_is_that_of_sqlalchemy_and_names_no_value(engine: AsyncEngine):
    async with engine.connect() as connection:
        put = Driven(
            sa.insert(things).values(id=sa.bindparam("it"), n="canary"), connection.dialect
        )
        await connection.run_sync(put.run, {"it": (name := uuid7())})
        with pytest.raises(DBAPIError) as refused:
            await connection.run_sync(put.run, {"it": name})
        assert getattr(refused.value.orig, "sqlstate", None) == "23505"
        assert not refused.value.connection_invalidated
        assert "canary" not in str(refused.value)


async def test_a_connection_that_broke_is_not_used_again(engine: AsyncEngine, server: Postgres):
    async with engine.connect() as connection:
        pid = (await connection.execute(sa.text("SELECT pg_backend_pid()"))).scalar()
        await connection.commit()
        await server.execute(f"SELECT pg_terminate_backend({pid}, 5000)")
        await asyncio.sleep(0)
        with pytest.raises(DBAPIError) as broken:
            await connection.run_sync(found, uuid7())
        assert broken.value.connection_invalidated
        await connection.rollback()
        assert await connection.run_sync(found, uuid7()) == []
