"""What PostgreSQL says of itself, and SQLite need not."""

import time

from tests.core import World
from uptc_messenger.database import Transaction, activity
from uptc_messenger.database.installation import begin_another_log


async def test_the_time_is_the_databases(world: World):
    told = await world.database.read(activity.time)
    assert told is None or abs(told - time.time() * 1000) < 60_000


async def test_an_open_transaction_that_wrote_is_seen(world: World):
    await world.user("ana")
    assert await world.database.read(activity.oldest_write) is None

    def look(tx: Transaction) -> None:
        assert activity.oldest_write(tx) is None, "not the one that asks"

    await world.database.write(look)


async def test_a_database_is_told_from_another_of_the_same_installation(world: World):
    first = await world.database.read(activity.fingerprint)
    assert await world.database.read(activity.fingerprint) == first
    await world.database.write(begin_another_log)
    assert await world.database.read(activity.fingerprint) != first
