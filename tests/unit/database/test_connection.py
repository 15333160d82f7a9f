from pathlib import Path

import pytest
import sqlalchemy as sa

from uptc_messenger.database import DatabaseConfig, open_database
from uptc_messenger.database.schema import installation
from uptc_messenger.models.errors import Unavailable


def config(folder: Path) -> DatabaseConfig:
    return DatabaseConfig(url=f"sqlite:///{folder}/deep/down/uptc.db")


async def test_opening_makes_the_folder_the_file_and_the_tables(tmp_path: Path):
    database = await open_database(config(tmp_path))
    tables = await database.read(
        lambda reader: {row[0] for row in reader.all(sa.text("SELECT name FROM sqlite_master"))}
    )
    await database.close()
    assert {"chats", "messages", "changes", "users"} <= tables
    assert (tmp_path / "deep/down/uptc.db").is_file()


async def test_the_clock_is_the_one_that_is_given(tmp_path: Path):
    database = await open_database(config(tmp_path), clock=lambda: 42)
    assert await database.write(lambda tx: tx.now) == 42
    await database.close()


async def test_a_closed_database_says_so(tmp_path: Path):
    database = await open_database(config(tmp_path))
    assert database.writing
    await database.close()
    assert not database.writing
    with pytest.raises(Unavailable):
        await database.write(lambda tx: tx.now)


async def test_a_bulk_handler_gets_all_that_waits_at_once(tmp_path: Path):
    database = await open_database(config(tmp_path))
    calls: list[int] = []

    def handler(tx: object, items: list[int]) -> list[int]:
        calls.append(len(items))
        return [item * 2 for item in items]

    asked = [database.write_each(handler, n) for n in range(10)]  # pyright: ignore[reportArgumentType]
    assert [await future for future in asked] == [n * 2 for n in range(10)]
    assert calls == [10]
    rows = await database.read(lambda reader: reader.all(sa.select(installation)))
    await database.close()
    assert rows == []
