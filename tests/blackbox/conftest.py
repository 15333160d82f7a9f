from collections.abc import AsyncGenerator, Iterator

import pytest
import pytest_asyncio

from tests.blackbox.people import Town
from tests.server import Server, serving

CHEAP = {"UPTC_AUTH_ARGON2_MEMORY_KIB": "8", "UPTC_AUTH_ARGON2_TIME": "1"}
"""Passwords that cost nothing to hash: these tests are not about guessing."""

UNLIMITED = {**CHEAP, "UPTC_LIMITS": "off"}


@pytest.fixture(scope="package")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it as they found it: open, without limits."""
    with serving(tmp_path_factory.mktemp("blackbox"), "--registration", "open", **UNLIMITED) as it:
        yield it


@pytest_asyncio.fixture
async def town(shared_server: Server) -> AsyncGenerator[Town, None]:
    """The server seen from outside."""
    opened = Town(shared_server.url)
    yield opened
    await opened.close()
