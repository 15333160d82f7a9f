from pathlib import Path

from tests.core import World, installed
from uptc_messenger.database.installation import identify


async def test_an_installation_is_the_same_for_ever(tmp_path: Path):
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as world:
        first = await identify(world.database)
        assert await identify(world.database) == first
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as world:
        assert await identify(world.database) == first


async def test_another_is_another(world: World, tmp_path: Path):
    here = await identify(world.database)
    async with installed(f"sqlite:///{tmp_path}/other.db") as other:
        there = await identify(other.database)
    assert here.log_epoch != there.log_epoch
    assert here.sync_key != there.sync_key
    assert len(here.sync_key) == 16
