import asyncio
from collections.abc import Collection

import pytest
from structlog.testing import capture_logs

from tests.core import World, world
from uptc_messenger.database import Reader
from uptc_messenger.models.base import ChatId, Seq
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.chats import following
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.following import Follower

__all__ = ["world"]


class Log:
    """A reader that keeps its cursors in memory, and fails where it is told to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cursors: dict[ChatId, Seq] = {}
        self.fails: list[Exception] = []
        self.runs = 0
        self.follower = Follower(world.database, world.clock, self.known, "test")
        self._news = asyncio.Event()

    def known(self, _: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, Seq]:
        return {one: self.cursors[one] for one in chat_ids if one in self.cursors}

    async def catch_up(self) -> None:
        self.runs += 1
        if self.fails:
            raise self.fails.pop()
        while self.follower.waiting or not self.follower.looked:
            if not self.follower.waiting:
                await self.follower.look_through()
            await self._read(list(self.follower.take(2)))
        self._news.set()

    async def _read(self, chat_ids: Collection[ChatId]) -> None:
        heads = await self.world.database.read(lambda reader: chats.heads(reader, chat_ids))
        self.cursors |= {head.chat_id: head.seq for head in heads}

    async def until(self, chat: ChatId) -> None:
        """Wait until it was read in a run."""
        while chat not in self.cursors:
            self._news.clear()
            await self._news.wait()


@pytest.fixture
async def log(world: World, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.setattr(following, "PAUSE_S", 0)
    monkeypatch.setattr(following, "FAILED_S", 0)
    return Log(world)


async def spoken(world: World, name: str = "ana") -> ChatId:
    ana = await world.user(name)
    chat = await world.group(ana)
    await world.send(ana, chat, "hola")
    return chat


async def test_what_is_noted_waits_since_then(world: World, log: Log):
    chat = await spoken(world)
    log.follower.note(chat)
    world.clock.now += 1_500
    log.follower.note(chat)
    assert (log.follower.waiting, log.follower.lag_ms) == (1, 1_500)
    since = log.follower.take(5)
    assert (log.follower.waiting, log.follower.lag_ms) == (0, 0)
    log.follower.note(chat)
    log.follower.put_back(since)
    assert log.follower.lag_ms == 1_500, "it waits since it was noted first"


async def test_more_than_can_be_remembered_is_found_by_looking(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(following, "MOST_WAITING", 2)
    monkeypatch.setattr(following, "_PAGE", 3)
    ana = await world.user("ana")
    await log.catch_up()
    rooms = [await world.group(ana) for _ in range(8)]
    for room in rooms:
        await world.send(ana, room, "hola")
        log.follower.note(room)
    assert (log.follower.waiting, log.follower.looked) == (2, False)
    await log.catch_up()
    assert set(log.cursors) >= set(rooms)


async def test_what_is_told_again_and_again_is_noted_once(world: World, log: Log):
    chat = await spoken(world)
    log.follower.swept([(chat, 1)])
    assert log.follower.take(1)
    log.follower.swept([(chat, 1)])
    assert not log.follower.waiting
    log.follower.swept([(chat, 2)])
    assert log.follower.waiting == 1


async def test_a_look_that_fails_is_made_again(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
):
    chat = await spoken(world)

    async def fail() -> None:
        raise Unavailable

    with pytest.raises(Unavailable):
        await log.follower.look_through(fail)
    assert not log.follower.looked
    await log.catch_up()
    assert log.cursors[chat] == 1


@pytest.mark.parametrize("failure", [Unavailable(), ZeroDivisionError()])
async def test_after_a_failure_it_is_tried_again_soon(world: World, log: Log, failure: Exception):
    chat = await spoken(world)
    log.fails = [failure]
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(log.follower.run(log.catch_up))
        await log.until(chat)
        running.cancel()


async def test_a_reader_that_fails_for_long_is_told_once_and_once_when_it_goes_on(
    world: World, log: Log
):
    chat = await spoken(world)
    log.fails = [Unavailable() for _ in range(5)]
    with capture_logs() as logs:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            running = group.create_task(log.follower.run(log.catch_up))
            await log.until(chat)
            running.cancel()
    assert log.runs > 5
    assert [line["event"] for line in logs] == ["a reader waits", "a reader goes on"]
    assert logs[0] == {
        "event": "a reader waits",
        "log_level": "warning",
        "problem": "unavailable",
        "reader": "test",
    }


async def test_a_server_that_always_has_news_is_looked_through_too(
    world: World, log: Log, monkeypatch: pytest.MonkeyPatch
):
    await log.catch_up()
    untold = await spoken(world)
    monkeypatch.setattr(following, "SWEEP_S", 0)
    log.follower._look_at = 0

    async def busy() -> None:
        await log.catch_up()
        log.follower.wake()

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(log.follower.run(busy))
        await log.until(untold)
        running.cancel()


async def test_while_it_is_not_ours_it_rests_and_then_looks_through_all(world: World, log: Log):
    chat, rested, ours = await spoken(world), asyncio.Event(), False
    rests: list[None] = []

    def resting() -> None:
        rests.append(None)
        if len(rests) == 3:
            rested.set()

    log.follower.ours, log.follower.resting = lambda: ours, resting
    log.follower.note(chat)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(log.follower.run(log.catch_up))
        await rested.wait()
        assert (log.runs, log.follower.waiting) == (0, 0)
        ours = True
        await log.until(chat)
        running.cancel()
