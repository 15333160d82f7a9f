import asyncio
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from tests import postgres
from tests.core import World, installed
from tests.postgres import Postgres
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.toolkit.ids import uuid7

TEMPLATE = "uptc_template"


@pytest.fixture(scope="session")
def server() -> Generator[Postgres, None, None]:
    """A PostgreSQL with one database of our schema, which others are copied from."""
    with postgres.serving() as started:
        asyncio.run(started.execute(f"CREATE DATABASE {TEMPLATE}"))
        asyncio.run(upgrade(sa.make_url(started.url(TEMPLATE))))
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of this engine that nobody else uses."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/uptc.db"
    server: Postgres = request.getfixturevalue("server")
    name = f"test_{uuid7().replace('-', '')}"
    asyncio.run(server.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
    return server.url(name)


@pytest_asyncio.fixture
async def world(url: str) -> AsyncGenerator[World, None]:
    async with installed(url) as made:
        yield made
