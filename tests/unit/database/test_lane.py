"""The lane by itself; what it promises over real engines is in tests/contracts."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database import DatabaseConfig, Transaction
from uptc_messenger.database.lane import Bulk, Lane
from uptc_messenger.database.schema import installation
from uptc_messenger.database.sqlite import SqliteStore
from uptc_messenger.database.store import Raced, Work
from uptc_messenger.models.errors import Forbidden, Problem

T = TypeVar("T")
PUT = sa.insert(installation)


def put_all(tx: Transaction, items: Sequence[str]) -> list[str | Problem]:
    good = [item for item in items if item != "bad"]
    tx.run(PUT, [{"name": item, "value": "x"} for item in good])
    return [Forbidden() if item == "bad" else item for item in items]


def instant(tx: Transaction) -> int:
    return tx.now


async def test_a_bulk_handler_refuses_one_item_and_carries_out_the_others(world: World):
    asked = [world.database.write_each(put_all, item) for item in ("a", "bad", "b")]
    assert (await asked[0], await asked[2]) == ("a", "b")
    with pytest.raises(Forbidden):
        await asked[1]
    assert world.database.lane.commits == 1
    assert world.database.lane.commands == 3


async def test_commands_of_different_kinds_keep_their_order_in_one_commit(world: World):
    seen: list[str] = []

    def alone(tx: Transaction) -> str:
        seen.append("alone")
        return "alone"

    def bulk(tx: Transaction, items: Sequence[str]) -> list[str | Problem]:
        seen.append("+".join(items))
        return list(items)

    lane = world.database.lane
    handlers: list[tuple[Bulk[str, str] | None, object]] = [
        (bulk, "a"),
        (bulk, "b"),
        (None, alone),
        (bulk, "c"),
    ]
    await asyncio.gather(*(lane.submit(handler, item) for handler, item in handlers))
    assert seen == ["a+b", "alone", "c"]
    assert lane.commits == 1


async def test_nothing_waits_when_everything_is_done(world: World):
    await world.database.write(lambda tx: None)
    assert world.database.lane.waiting == 0


async def test_everything_in_a_commit_happens_at_one_instant(world: World):
    asked = [world.database.write(instant) for _ in range(3)]
    assert len(set(await asyncio.gather(*asked))) == 1
    world.clock.now += 5
    assert await world.database.write(instant) == world.clock.now


class Racing(SqliteStore):
    """A store in which another node adds the same row first, so many times."""

    def __init__(self, path: Path, times: int) -> None:
        super().__init__(path)
        self.times = times
        self.tried = 0

    async def transact(self, work: Work[T], *, durable: bool = True) -> T:
        self.tried += 1
        if self.tried <= self.times:
            raise Raced
        return await super().transact(work, durable=durable)


@pytest.mark.parametrize(("times", "well"), [(1, True), (2, False)])
async def test_who_was_raced_looks_once_more(data: Path, times: int, well: bool):
    store = Racing(data / "uptc.db", times)
    lane = Lane(store, DatabaseConfig(url="sqlite://"), lambda: 7, lambda _: None)
    future: asyncio.Future[int] = lane.submit(None, instant)
    lane.stop()
    await lane.run()
    assert store.tried == 2
    if well:
        assert await future == 7
    else:
        with pytest.raises(Raced):
            await future
    await store.close()
