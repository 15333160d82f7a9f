"""What PostgreSQL says of itself, and SQLite need not."""

import time

from tests.core import World
from uptc_messenger.database import Transaction, activity


async def test_the_time_is_the_databases(world: World):
    told = await world.database.read(activity.time)
    assert told is None or abs(told - time.time() * 1000) < 60_000


async def test_an_open_transaction_that_wrote_is_seen(world: World):
    await world.user("ana")
    assert await world.database.read(activity.oldest_write) is None

    def look(tx: Transaction) -> None:
        assert activity.oldest_write(tx) is None, "not the one that asks"

    await world.database.write(look)
