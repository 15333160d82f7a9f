import shutil
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from tests.unit.services.chats.world import World


@pytest_asyncio.fixture
async def world(empty_database: Path, tmp_path: Path) -> AsyncGenerator[World, None]:
    path = tmp_path / "uptc.db"
    shutil.copy(empty_database, path)
    world = World()
    await world.open(path)
    yield world
    await world.close()
