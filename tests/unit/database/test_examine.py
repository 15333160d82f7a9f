from pathlib import Path

import pytest

from tests.core import World
from uptc_messenger.database import DatabaseConfig, Reader
from uptc_messenger.database.copying import rows, sheets
from uptc_messenger.database.examine import examine
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.models.errors import Unavailable


def nothing(reader: Reader) -> None:
    del reader


USERS = next(sheet for sheet in sheets() if sheet.name == "users")


async def test_it_reads_beside_a_writer_and_sees_one_moment(world: World):
    await world.user("ana")

    def count(reader: Reader) -> int:
        return len(list(rows(reader, USERS)))

    assert await examine(DatabaseConfig(url=world.url), count) == 1
    await world.user("ben")
    assert await examine(DatabaseConfig(url=world.url), count) == 2


async def test_where_there_is_none_none_is_made(tmp_path: Path):
    with pytest.raises(SchemaError, match="There is no database at"):
        await examine(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"), nothing)
    assert not (tmp_path / "uptc.db").exists()


async def test_another_schema_is_not_upgraded(world: World, tmp_path: Path):
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    with pytest.raises(SchemaError, match="has schema 0000"):
        await examine(DatabaseConfig(url=world.url), nothing)


@pytest.mark.parametrize(
    ("schema", "remedy"), [("9999", "install that one"), ("0001", "uptc-messenger upgrade")]
)
async def test_only_an_older_schema_can_be_upgraded(
    world: World, tmp_path: Path, schema: str, remedy: str
):
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{schema}'")
    engine.dispose()
    with pytest.raises(SchemaError, match=remedy):
        await examine(DatabaseConfig(url=world.url), nothing)


async def test_what_is_no_database_is_said(tmp_path: Path):
    (tmp_path / "uptc.db").write_bytes(b"no database " * 100)
    with pytest.raises(SchemaError, match="not a database"):
        await examine(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"), nothing)


async def test_a_server_that_does_not_answer_is_unavailable():
    with pytest.raises(Unavailable, match="No database answers"):
        await examine(DatabaseConfig(url="postgresql://u@127.0.0.1:1/d"), nothing)
