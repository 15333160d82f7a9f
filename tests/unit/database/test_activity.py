from tests.core import World, world
from uptc_messenger.database import activity

__all__ = ["world"]


async def test_one_file_has_no_other_writers_and_no_time_of_its_own(world: World):
    assert await world.database.read(activity.oldest_write) is None
    assert await world.database.read(activity.time) is None
