import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from uptc_messenger.database import DatabaseConfig, Reader, Transaction
from uptc_messenger.database.migrate import SchemaError, current_revision, head_revision
from uptc_messenger.database.rebuild import Occupied, Plan, alone, build_sqlite, exists, put_sqlite
from uptc_messenger.database.schema import installation
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.models.errors import Unavailable

VALUES = sa.select(installation.c.value)


def plan(value: str) -> Plan:
    def load(tx: Transaction) -> None:
        tx.run(sa.insert(installation).values(name="a", value=value))

    def prove(reader: Reader) -> None:
        assert reader.value(VALUES) == value

    def finish(tx: Transaction) -> None:
        tx.run(sa.update(installation).values(value=f"{value} finished"))

    return Plan(head_revision(), load, prove, finish)


def value(path: Path) -> str:
    engine = make_engine(path, writer=False)
    try:
        with engine.begin() as connection:
            assert current_revision(connection) == head_revision()
            return connection.execute(VALUES).scalar_one()
    finally:
        engine.dispose()


def test_a_new_file_is_whole_and_private(tmp_path: Path):
    build_sqlite(tmp_path / "new.db", plan("one"))
    assert [path.name for path in tmp_path.iterdir()] == ["new.db"]
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
    assert value(tmp_path / "new.db") == "one finished"


def test_it_takes_an_empty_place_and_what_an_old_log_left_there_is_gone(tmp_path: Path):
    build_sqlite(tmp_path / "new.db", plan("one"))
    (tmp_path / "uptc.db-wal").write_bytes(b"of another database")
    assert put_sqlite(tmp_path / "new.db", tmp_path / "uptc.db") is None
    assert value(tmp_path / "uptc.db") == "one finished"


def test_what_was_there_is_kept_with_what_was_only_in_its_log(tmp_path: Path):
    place = tmp_path / "uptc.db"
    build_sqlite(place, plan("old"))
    # A process that dies leaves its last commit in the log only.
    dying = (
        "import os, sqlite3, sys; raw = sqlite3.connect(sys.argv[1]);"
        "raw.execute('PRAGMA journal_mode = WAL');"
        "raw.execute(\"UPDATE installation SET value = 'old, committed last'\");"
        "raw.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", dying, str(place)], check=True)
    assert (tmp_path / "uptc.db-wal").stat().st_size > 0
    build_sqlite(tmp_path / "new.db", plan("new"))
    kept = put_sqlite(tmp_path / "new.db", place)
    assert kept is not None
    assert value(place) == "new finished"
    assert value(kept) == "old, committed last"


def test_a_damaged_one_is_kept_too(tmp_path: Path):
    place = tmp_path / "uptc.db"
    place.write_bytes(os.urandom(20_000))
    damaged = place.read_bytes()
    build_sqlite(tmp_path / "new.db", plan("new"))
    kept = put_sqlite(tmp_path / "new.db", place)
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert value(place) == "new finished"


def test_a_database_that_somebody_has_open_is_left_alone(tmp_path: Path):
    place = tmp_path / "uptc.db"
    build_sqlite(place, plan("old"))
    holding = (
        "import sqlite3, sys; raw = sqlite3.connect(sys.argv[1]);"
        "raw.execute('PRAGMA journal_mode = WAL');"
        "raw.execute('SELECT * FROM installation').fetchall(); print('open', flush=True);"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Occupied, match="is in use: stop the server"), alone(place):
            pass
        other.communicate("")
    with alone(place):
        pass


def test_a_full_disk_is_said(tmp_path: Path):
    def load(tx: Transaction) -> None:
        tx.run(sa.text("PRAGMA max_page_count = 60"))
        tx.run(sa.insert(installation).values(name="a", value="x" * 10_000_000))

    full = Plan(head_revision(), load, lambda _: None, lambda _: None)
    with pytest.raises(Unavailable, match="no room left"):
        build_sqlite(tmp_path / "new.db", full)


def test_what_cannot_be_loaded_is_said(tmp_path: Path):
    def load(tx: Transaction) -> None:
        tx.run(sa.insert(installation).values(name=None, value=None))

    bad = Plan(head_revision(), load, lambda _: None, lambda _: None)
    with pytest.raises(SchemaError, match="could not be made"):
        build_sqlite(tmp_path / "new.db", bad)


def test_a_server_may_hold_anything(tmp_path: Path):
    assert exists(DatabaseConfig(url="postgresql://u@h/d"))
    assert not exists(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"))
