from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.core import World, world
from tests.peeker import Peeker
from tests.sites import Site, site

__all__ = ["world"]


@pytest.fixture
async def outside() -> AsyncGenerator[Site]:
    """A site that a test calls public."""
    async with site("127.0.0.2") as made:
        yield made


@pytest.fixture
def peeker(world: World, tmp_path: Path, outside: Site) -> Peeker:
    return Peeker(world, tmp_path, outside)
