import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.unit.services.chats.world import World
from uptc_messenger.database.migrate import upgrade


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and nothing else, made once."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    asyncio.run(upgrade(sa.make_url(f"sqlite:///{path}")))
    return path


@pytest.fixture
async def world(migrated: Path, tmp_path: Path) -> AsyncIterator[World]:
    path = tmp_path / "uptc.db"
    shutil.copy(migrated, path)
    world = World()
    await world.open(path)
    yield world
    await world.close()
