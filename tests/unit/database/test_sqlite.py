import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests.core import World, refused
from uptc_messenger.database import Transaction
from uptc_messenger.database.schema import installation
from uptc_messenger.database.sqlite import SqliteStore, connect, make_engine
from uptc_messenger.models.errors import Unavailable

PUT = sa.insert(installation).values(name="a", value="x")


def put(tx: Transaction) -> int:
    return tx.run(PUT)


def pragma(path: Path, name: str, *, writer: bool) -> object:
    raw = connect(path, writer=writer)
    value = raw.execute(f"PRAGMA {name}").fetchone()[0]
    raw.close()
    return value


def test_a_commit_survives_a_power_failure(tmp_path: Path):
    path = tmp_path / "uptc.db"
    assert pragma(path, "journal_mode", writer=True) == "wal"
    assert pragma(path, "synchronous", writer=True) == 2
    assert pragma(path, "page_size", writer=True) == 8192
    assert pragma(path, "foreign_keys", writer=True) == 1


def test_readers_cannot_write_and_the_writer_never_sleeps_for_a_lock(tmp_path: Path):
    path = tmp_path / "uptc.db"
    assert pragma(path, "query_only", writer=True) == 0
    assert pragma(path, "query_only", writer=False) == 1
    assert pragma(path, "busy_timeout", writer=True) == 0


async def test_it_waits_for_another_process_and_goes_on(world: World, tmp_path: Path):
    other = sqlite3.connect(tmp_path / "uptc.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked: asyncio.Future[int] = world.database.lane.submit(None, put)
    await asyncio.sleep(0)
    assert not asked.done()
    other.execute("COMMIT")
    other.close()
    assert await asked == 1


async def test_a_full_disk_is_said_and_nothing_is_half_done(world: World):
    store = world.database._store
    assert isinstance(store, SqliteStore)
    with store._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()
    huge = sa.insert(installation).values(name="huge", value="x" * 10_000_000)
    with pytest.raises(Unavailable, match="disk is full"):
        await world.database.write(lambda tx: tx.run(huge))
    names = sa.select(sa.func.count()).select_from(installation)
    assert await world.database.read(lambda reader: reader.value(names)) == 0


async def test_after_a_failed_fsync_nothing_is_saved_and_reading_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    store = world.database._store
    assert isinstance(store, SqliteStore)
    asked = 0

    async def fail(connection: sa.Connection) -> None:
        nonlocal asked
        asked += 1
        connection.rollback()
        raw = sqlite3.OperationalError("disk I/O error")
        raw.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise OperationalError("COMMIT", None, raw)

    monkeypatch.setattr(store, "_commit", fail)
    with pytest.raises(Unavailable, match="The disk failed"):
        await world.database.write(put)
    assert not world.database.writing
    monkeypatch.undo()
    with pytest.raises(Unavailable, match="until the server was restarted"):
        await world.database.write(put)
    assert asked == 1
    names = sa.select(sa.func.count()).select_from(installation)
    assert await world.database.read(lambda reader: reader.value(names)) == 0


async def test_a_failing_read_is_unavailable(world: World):
    bad = sa.text("SELECT * FROM nowhere")
    assert await refused(world.database.read(lambda reader: reader.all(bad))) == "unavailable"
    assert await refused(world.database.scan(lambda reader: reader.all(bad))) == "unavailable"


def test_an_engine_does_not_show_values_in_its_errors(tmp_path: Path):
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection, pytest.raises(OperationalError) as caught:
        connection.execute(sa.text("SELECT * FROM nowhere WHERE a = :a"), {"a": "a secret"})
    engine.dispose()
    assert "a secret" not in str(caught.value)
