from pathlib import Path

import pytest

from tests.core import World, world
from tests.library import Library

__all__ = ["library", "world"]


@pytest.fixture
def library(world: World, tmp_path: Path) -> Library:
    return Library(world, tmp_path, part_bytes=65_536)
