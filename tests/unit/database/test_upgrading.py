import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec import structs

from uptc_messenger.database import DatabaseConfig, migrate, upgrading
from uptc_messenger.database.migrate import SchemaError, head_revision, upgrade_connection
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.upgrading import foresee, rehearse

FIRST = "0001"
REVISIONS = Path(migrate.__file__).parent / "migrations/versions"
AFTER = re.compile(r'^down_revision = "(.+)"$', re.MULTILINE)


def before(revision: str) -> str:
    """The revision that one follows on."""
    (file,) = REVISIONS.glob(f"{revision}_*.py")
    found = AFTER.search(file.read_text())
    assert found is not None
    return found[1]


def config_of(data: Path) -> DatabaseConfig:
    return DatabaseConfig(url=f"sqlite:///{data}/uptc.db")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a database of the first schema."""
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        upgrade_connection(connection, FIRST)
    engine.dispose()
    return tmp_path


async def test_what_is_pending_is_told_in_order_and_nothing_is_changed(old: Path):
    was = (old / "uptc.db").read_bytes()
    told = await foresee(config_of(old))
    assert (told.kind, told.current, told.target) == ("sqlite", FIRST, head_revision())
    revisions = [step.revision for step in told.steps]
    # One follows on the other, whatever their numbers.
    assert [before(each) for each in revisions] == [FIRST, *revisions[:-1]]
    assert revisions[-1] == head_revision()
    assert all(step.about for step in told.steps)
    assert told.needed_bytes > told.size_bytes > 0
    assert told.enough
    assert (old / "uptc.db").read_bytes() == was


async def test_nothing_is_pending_in_todays_schema(data: Path):
    told = await foresee(config_of(data))
    assert (told.steps, told.current) == ([], head_revision())


async def test_a_full_disk_is_seen_before(old: Path):
    told = await foresee(config_of(old))
    assert not structs.replace(told, free_bytes=1000).enough
    assert structs.replace(told, free_bytes=None).enough
    assert structs.replace(told, free_bytes=1000, steps=[]).enough


async def test_it_is_tried_on_a_copy_that_is_gone_afterwards(old: Path):
    before = names(old)
    assert await rehearse(config_of(old)) >= 0
    assert names(old) == before
    assert (await foresee(config_of(old))).current == FIRST


async def test_what_does_not_work_is_found_on_the_copy(old: Path):
    with closing(sqlite3.connect(old / "uptc.db")) as database, database:
        database.execute("CREATE TABLE blocks (mine INTEGER)")
    with pytest.raises(SchemaError, match="does not work on a copy"):
        await rehearse(config_of(old))
    assert (await foresee(config_of(old))).current == FIRST


async def test_damage_is_found_on_the_copy(old: Path, monkeypatch: pytest.MonkeyPatch):
    def break_it(connection: sa.Connection) -> None:
        for statement in (
            "CREATE TABLE t (a)",
            "INSERT INTO t VALUES (NULL)",
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a NOT NULL)' WHERE name = 't'",
            "PRAGMA schema_version = 9999",
        ):
            connection.exec_driver_sql(statement)

    monkeypatch.setattr(upgrading, "upgrade_connection", break_it)
    with pytest.raises(SchemaError, match="damaged after the upgrade: NULL value"):
        await rehearse(config_of(old))


async def test_a_newer_database_is_refused(data: Path):
    with closing(sqlite3.connect(data / "uptc.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="newer version"):
        await foresee(config_of(data))


async def test_a_file_that_is_none_is_refused(tmp_path: Path):
    (tmp_path / "uptc.db").write_text("a letter, not a database\n" * 100)
    with pytest.raises(SchemaError):
        await foresee(config_of(tmp_path))
    assert (tmp_path / "uptc.db").read_text().startswith("a letter")


async def test_where_no_copy_can_be_made_it_is_said(old: Path):
    shutil.rmtree(old)
    with pytest.raises(SchemaError, match="No copy"):
        await rehearse(config_of(old))
