import asyncio

import pytest
from structlog.testing import capture_logs

from tests.core import World, until
from uptc_messenger.database import Transaction
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.models.scheduled import Failure
from uptc_messenger.services.chats.scheduled import Due
from uptc_messenger.services.messages import scheduling
from uptc_messenger.services.messages import sender as module
from uptc_messenger.services.messages.sender import LOOK_EVERY_S, Sender


async def test_what_is_due_is_sent_in_the_order_of_its_times(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for seconds, text in ((30, "dos"), (10, "uno"), (90, "todavía no")):
        await world.schedule(ana, chat, text, seconds)
    sender = Sender(world.database, world.clock)
    assert await sender.turn() == LOOK_EVERY_S
    assert sender.late_ms == 0
    world.clock.now += 60_000
    assert await sender.turn() == 0
    assert (sender.done, sender.late_ms) == (2, 50_000)
    assert await world.texts(ana, chat) == ["uno", "dos"]
    assert await sender.turn() == LOOK_EVERY_S
    world.clock.now += 28_000
    assert await sender.turn() == 2


async def test_more_than_one_reading_takes_is_sent_in_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    ana = await world.user("ana")
    chat = await world.group(ana)
    for number in range(5):
        await world.schedule(ana, chat, str(number), 1 + number)
    world.clock.now += 60_000
    sender = Sender(world.database, world.clock)
    while await sender.turn() == 0:
        pass
    assert await world.texts(ana, chat) == ["0", "1", "2", "3", "4"]


async def test_it_wakes_for_what_is_committed_and_rests_where_it_is_not_its_turn(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    sender = Sender(world.database, world.clock)
    ours, asked = False, 0

    def is_ours() -> bool:
        nonlocal asked
        asked += 1
        return ours

    sender.ours = is_ours
    running = asyncio.create_task(sender.run())  # noqa: TID251
    await world.schedule(ana, chat, "hola", 10)
    world.clock.now += 20_000
    for times in (2, 3):
        sender.published(world.announced)
        # Whoever asks again has finished what it did before.
        await until(lambda times=times: asked >= times)
    assert (sender.done, sender.late_ms) == (0, 0)
    ours = True
    sender.published(world.announced)
    await until(lambda: sender.done == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await world.texts(ana, chat) == ["hola"]


async def test_how_late_it_is_is_for_who_sends_to_know(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.schedule(ana, chat, "hola", 10)
    sender = Sender(world.database, world.clock)
    await sender.turn()
    world.clock.now += 60_000
    assert sender.late_ms == 50_000
    sender.ours = lambda: False
    running = asyncio.create_task(sender.run())  # noqa: TID251
    await until(lambda: sender.late_ms == 0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_of_one_time_the_first_of_the_list_is_sent_first(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    one, _ = [await world.schedule(ana, chat, text, 10) for text in ("uno", "dos")]
    await world.schedule(ana, chat, "uno, mejor", 10, one.message_id)
    world.clock.now += 60_000
    await Sender(world.database, world.clock).turn()
    assert await world.texts(ana, chat) == ["uno, mejor", "dos"]


async def test_two_that_send_at_once_send_it_once(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for number in range(10):
        await world.schedule(ana, chat, str(number), 1 + number)
    world.clock.now += 60_000
    both = [Sender(world.database, world.clock) for _ in range(2)]
    await asyncio.gather(*(one.turn() for one in both))
    assert sum(one.done for one in both) == 10
    assert len(await world.texts(ana, chat)) == 10


@pytest.mark.parametrize("failure", [Unavailable(), ZeroDivisionError()])
async def test_without_a_database_the_sender_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
):
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.schedule(ana, chat, "hola", 1)
    world.clock.now += 60_000
    sender, turn, failures = Sender(world.database, world.clock), Sender.turn, [failure]

    async def fail(self: Sender) -> float:
        if failures:
            raise failures.pop()
        return await turn(self)

    monkeypatch.setattr(Sender, "turn", fail)
    running = asyncio.create_task(sender.run())  # noqa: TID251
    await until(lambda: sender.done == 1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_fails_for_long_is_told_once_and_once_when_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.schedule(ana, chat, "hola", 1)
    world.clock.now += 60_000
    sender, send, failures = Sender(world.database, world.clock), scheduling.send_due, [1, 2, 3]

    def fail(tx: Transaction, due: Due) -> bool:
        if failures:
            failures.pop()
            raise Unavailable
        return send(tx, due)

    monkeypatch.setattr(scheduling, "send_due", fail)
    with capture_logs() as logs:
        running = asyncio.create_task(sender.run())  # noqa: TID251
        await until(lambda: len(logs) > 1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert (failures, sender.done) == ([], 1)
    assert [line["event"] for line in logs] == [
        "scheduled messages wait",
        "scheduled messages go on",
    ]


async def test_one_that_breaks_holds_up_nobody_and_its_author_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for seconds, text in ((1, "uno"), (2, "rota"), (3, "tres")):
        await world.schedule(ana, chat, text, seconds)
    broken = (await world.waiting(ana))[1]
    world.clock.now += 60_000
    send = scheduling.send_due

    def fail(tx: Transaction, due: Due) -> bool:
        if due.message_id == broken.message_id:
            raise ZeroDivisionError
        return send(tx, due)

    monkeypatch.setattr(scheduling, "send_due", fail)
    sender = Sender(world.database, world.clock)
    assert await sender.turn() == 0
    assert await sender.turn() == LOOK_EVERY_S
    assert await world.texts(ana, chat) == ["uno", "tres"]
    (left,) = await world.waiting(ana)
    assert left.message_id == broken.message_id
    assert isinstance(left.failure, Failure)
    assert left.failure.code == "unavailable"
    assert "ZeroDivisionError" in capsys.readouterr().out
