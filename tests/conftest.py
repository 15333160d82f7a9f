import asyncio
import logging
import shutil
from asyncio import constants
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import structlog

from tests.core import schema
from tests.fakes import Running, ServerTasks, register
from uptc_messenger.database import Database, DatabaseConfig, open_database

# Kept for each callback and each coroutine where asyncio looks for mistakes, as all tests have
# it: ten frames of each take a tenth of the time, and the nearest ones say whose it was.
constants.__dict__["DEBUG_STACK_DEPTH"] = 2

OURS = "uptc_messenger.toolkit.telemetry"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first: nobody works alone at the end on one that came last."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.path not in long, not item.get_closest_marker("browser")))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and nothing else, made once."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    path.write_bytes(asyncio.run(schema()))
    return path


@pytest.fixture
def data(empty_database: Path, tmp_path: Path) -> Path:
    """A data folder with an empty database."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(empty_database, folder / "uptc.db")
    return folder


@pytest_asyncio.fixture
async def database(data: Path) -> AsyncGenerator[Database, None]:
    """An open SQLite database."""
    opened = await open_database(DatabaseConfig(url=f"sqlite:///{data}/uptc.db"))
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def servers(data: Path) -> AsyncGenerator[ServerTasks, None]:
    """Starts real servers with options of the test's choice."""
    tasks = ServerTasks(data)
    yield tasks
    await tasks.close()


@pytest_asyncio.fixture
async def server(servers: ServerTasks) -> Running:
    """A real server on a free port, open for registration."""
    return await servers.start()


@pytest_asyncio.fixture
async def client(server: Running) -> AsyncGenerator[httpx.AsyncClient, None]:
    """A program without an account."""
    async with server.client() as opened:
        yield opened


@pytest_asyncio.fixture
async def ana(
    server: Running, client: httpx.AsyncClient
) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Ana's program, logged in."""
    token = (await register(client, "ana", display_name="Ana María"))["token"]
    async with server.client(token) as opened:
        yield opened


@pytest.fixture(autouse=True)
def log_as_at_start() -> Iterator[None]:
    """A test that configures the log must not leave its own, closed stream to the next."""
    # What a fixture of more than one test configured writes to a stream of the first of them.
    ours = [handler for handler in logging.root.handlers if type(handler).__module__ == OURS]
    handlers = [handler for handler in logging.root.handlers if handler not in ours]
    logging.root.handlers[:] = handlers
    level = logging.root.level
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    # For the whole process, and so for every test after it in the same worker.
    assert logging.getLogger("uvicorn").propagate, "uvicorn.Config without log_config=None"
