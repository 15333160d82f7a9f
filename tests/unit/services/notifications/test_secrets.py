import asyncio

from tests.core import World
from uptc_messenger.services.notifications.secrets import prepare


async def test_they_are_made_once(world: World):
    first, second = await asyncio.gather(prepare(world.database), prepare(world.database))
    assert first == second == await prepare(world.database)
    assert len(first.vapid) == 64
    assert len(first.mail) == 32
