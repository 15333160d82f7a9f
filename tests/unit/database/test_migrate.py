"""One tree of revisions makes what `schema.py` declares, on both engines."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from tests import postgres
from uptc_messenger.database.columns import PARTITIONS
from uptc_messenger.database.derived import derived
from uptc_messenger.database.migrate import (
    SchemaError,
    current_revision,
    head_revision,
    upgrade,
    upgrade_connection,
)
from uptc_messenger.database.schema import metadata
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.models.errors import Unavailable


async def test_sqlite_becomes_what_is_declared(tmp_path: Path):
    await upgrade(sa.make_url(f"sqlite:///{tmp_path}/uptc.db"))
    engine = make_engine(tmp_path / "uptc.db", writer=False)
    with engine.connect() as connection:
        assert current_revision(connection) == head_revision()
        found = sa.inspect(connection).get_table_names()
        names = {name for name in found if not name.startswith("search_")} - {"alembic_version"}
        assert names == set(metadata.tables) | {"writers"}
        for name, table in (*metadata.tables.items(), *derived.tables.items()):
            columns = {c["name"]: c["nullable"] for c in sa.inspect(connection).get_columns(name)}
            assert columns == {c.name: c.nullable for c in table.columns}, name
    engine.dispose()


def test_postgresql_becomes_what_is_declared_in_partitions():
    def look(connection: sa.Connection) -> None:
        assert current_revision(connection) == head_revision()
        inspector = sa.inspect(connection)
        for name, table in metadata.tables.items():
            columns = {c["name"]: c["nullable"] for c in inspector.get_columns(name)}
            assert columns == {c.name: c.nullable for c in table.columns}, name
        parts = connection.execute(
            sa.text("SELECT inhparent::regclass::text, count(*) FROM pg_inherits GROUP BY 1")
        )
        counted = {row[0]: row[1] for row in parts}
        divided = {
            name
            for name, table in metadata.tables.items()
            if table.dialect_options["postgresql"].get("partition_by")
        }
        assert divided
        assert {name: counted.get(name) for name in divided} == dict.fromkeys(divided, PARTITIONS)

    async def story(url: str) -> None:
        await upgrade(sa.make_url(url))
        await upgrade(sa.make_url(url))
        engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            await connection.run_sync(look)
        await engine.dispose()

    async def strangers(server: postgres.Postgres) -> None:
        url = sa.make_url(server.url("postgres"))
        for wrong, why in (
            (url.set(database="absent"), 'database "absent" does not exist'),
            (url.set(username="nobody", password="hidden"), 'role "nobody" does not exist'),
        ):
            with pytest.raises(SchemaError, match=why) as caught:
                await upgrade(wrong)
            assert "hidden" not in str(caught.value)

    with postgres.serving() as server:
        asyncio.run(story(server.url("postgres")))
        asyncio.run(strangers(server))


async def test_again_changes_nothing(tmp_path: Path):
    url = sa.make_url(f"sqlite:///{tmp_path}/uptc.db")
    await upgrade(url)
    before = (tmp_path / "uptc.db").read_bytes()
    await upgrade(url)
    assert (tmp_path / "uptc.db").read_bytes() == before


def test_an_index_of_search_without_pairs_is_emptied_to_be_made_anew(tmp_path: Path):
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        upgrade_connection(connection, "0018")
        for statement in (
            "INSERT INTO search_cursors VALUES (x'01', 7)",
            "INSERT INTO search_entries VALUES (5, x'01', 7, 'a.hola')",
            "INSERT INTO search_terms (rowid, terms) VALUES (5, 'a.hola')",
        ):
            connection.exec_driver_sql(statement)
        upgrade_connection(connection)
        for left in (
            "SELECT count(*) FROM search_cursors",
            "SELECT count(*) FROM search_entries",
            "SELECT count(*) FROM search_terms WHERE search_terms MATCH '\"a.hola\"'",
        ):
            assert connection.exec_driver_sql(left).scalar() == 0, left
    engine.dispose()


async def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path):
    url = sa.make_url(f"sqlite:///{tmp_path}/uptc.db")
    await upgrade(url)
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(SchemaError, match="newer version"):
        await upgrade(url)


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path):
    with pytest.raises(Unavailable, match="No database answers"):
        await upgrade(sa.make_url(f"postgresql://me:hidden@/name?host={tmp_path}"))
    with pytest.raises(Unavailable) as caught:
        await upgrade(sa.make_url("postgresql://me:hidden@127.0.0.1:9449/name"))
    assert "hidden" not in caught.value.sentence


def filled(path: Path) -> bytes:
    """A database with enough in it to be damaged in many places."""
    asyncio.run(upgrade(sa.make_url(f"sqlite:///{path}")))
    engine = make_engine(path, writer=True)
    with engine.begin() as connection:
        rows = [(f"name {number}", "value " * 200) for number in range(500)]
        connection.exec_driver_sql("INSERT INTO installation VALUES (?, ?)", rows)
    engine.dispose()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("at", "size", "sentence"),
    [
        (0, 16, "not a database"),  # the header's first words
        (100, 8_000, r"damaged|malformed"),  # the schema
        (200_000, 30_000, r"damaged|malformed"),  # pages of a table
    ],
)
async def test_a_damaged_database_is_refused_and_left_as_it_is(
    tmp_path: Path, at: int, size: int, sentence: str
):
    path = tmp_path / "uptc.db"
    whole = await asyncio.to_thread(filled, path)
    bad = whole[:at] + bytes(byte ^ 0xA5 for byte in whole[at : at + size]) + whole[at + size :]
    path.write_bytes(bad)
    with pytest.raises(SchemaError, match=sentence) as refused:
        await upgrade(sa.make_url(f"sqlite:///{path}"))
    assert "restore FILE --force" in str(refused.value)
    assert path.read_bytes() == bad


async def test_a_database_that_was_cut_off_is_refused(tmp_path: Path):
    path = tmp_path / "uptc.db"
    whole = await asyncio.to_thread(filled, path)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SchemaError, match=r"damaged|malformed"):
        await upgrade(sa.make_url(f"sqlite:///{path}"))
    path.write_bytes(b"")
    with pytest.raises(SchemaError, match="is empty: something cut it off"):
        await upgrade(sa.make_url(f"sqlite:///{path}"))
    assert path.read_bytes() == b""


async def test_an_empty_log_beside_it_is_no_harm(tmp_path: Path):
    path = tmp_path / "uptc.db"
    await asyncio.to_thread(filled, path)
    (tmp_path / "uptc.db-wal").touch()
    await upgrade(sa.make_url(f"sqlite:///{path}"))
