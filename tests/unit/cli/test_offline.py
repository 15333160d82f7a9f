from pathlib import Path

import pytest

from uptc_messenger import settings
from uptc_messenger.cli import offline
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.models.errors import Problem
from uptc_messenger.toolkit.folders import Claimed, claim


async def test_what_is_opened_is_closed_afterwards(tmp_path: Path):
    built = settings.build(settings.collect({"data": str(tmp_path)}, {}))
    async with offline.opened(built) as (database, _):
        await database.ping()
    with pytest.raises(Problem):
        await database.write(lambda tx: None)


async def test_meanwhile_nobody_else_has_the_data_folder(tmp_path: Path):
    built = settings.build(settings.collect({"data": str(tmp_path)}, {}))
    async with offline.opened(built):
        with pytest.raises(Claimed):
            claim(tmp_path)
    claim(tmp_path).release()


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path):
    offline.require_database(DatabaseConfig(url="postgresql://localhost/uptc"))
    with pytest.raises(SchemaError, match="There is no database"):
        offline.require_database(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"))
    (tmp_path / "uptc.db").touch()
    offline.require_database(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"))
