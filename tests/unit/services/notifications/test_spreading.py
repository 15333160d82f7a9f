import pytest

from tests.core import World
from tests.house_of_news import newsroom
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.chats import editing
from uptc_messenger.services.notifications import spreading
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.repository import cursors
from uptc_messenger.services.notifications.spreading import Step, Terms

TERMS = Terms(config=NotifyConfig(loopback=True), mail=True)


async def step(world: World, chat: ChatId, terms: Terms = TERMS) -> Step | None:
    return await world.database.scan(
        lambda reader: spreading.read(reader, chat, terms, world.clock.now)
    )


async def write(world: World, what: Step) -> bool:
    return await world.database.write(lambda tx: spreading.write(tx, what, 10))


async def test_of_two_who_read_the_same_one_writes(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        await world.send(ana, chat, "hola")
        steps = [await step(world, chat) for _ in range(2)]
        assert [await write(world, one) for one in steps if one] == [True, False]
        assert await step(world, chat) is None


async def test_without_anybody_to_tell_it_only_moves(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "hola")
    found = await step(world, chat)
    assert found is not None
    assert (found.jobs, found.reached.seq, found.more) == ([], 1, False)


async def test_a_large_chat_is_told_in_parts_and_each_member_once(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(spreading, "MEMBERS", 2)
    ana, *others = await world.users("ana", *(f"user{n}" for n in range(5)))
    chat = await world.group(ana, *others)
    async with newsroom(world) as room:
        for user in others:
            await room.device(user)
        for number in range(3):
            await world.send(ana, chat, f"{number}")
        told: list[str] = []
        parts = 0
        while (found := await step(world, chat)) is not None:
            assert await write(world, found)
            told += [job.user_id for job in found.jobs]
            parts += 1
        assert sorted(told) == sorted(others)
        assert parts == 4
        known = await world.database.read(lambda r: cursors.of(r, [chat]))
        assert (known[chat].seq, known[chat].member_id) == (3, None)


async def test_what_is_old_is_no_news(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        await world.send(ana, chat, "hola")
        world.clock.now += spreading.FRESH_MS
        found = await step(world, chat)
        assert found is not None
        assert found.jobs == []


async def test_a_chat_that_is_gone_is_forgotten(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "hola")
    first = await step(world, chat)
    assert first is not None
    await write(world, first)
    await world.as_holder(ana, chat, editing.delete)
    gone = await step(world, chat)
    assert gone is not None
    assert gone.gone
    assert await write(world, gone)
    assert await step(world, chat) is None


async def test_only_what_this_server_does(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        await room.subscribe(luis, "luis@example.edu")
        await world.send(ana, chat, "hola")
        for push, mail, kinds in (
            ("on", True, ["mail", "push"]),
            ("off", True, ["mail"]),
            ("on", False, ["push"]),
            ("off", False, []),
        ):
            config = NotifyConfig(push=push, loopback=True)  # pyright: ignore[reportArgumentType]
            found = await step(world, chat, Terms(config=config, mail=mail))
            assert found is not None
            assert sorted(job.kind for job in found.jobs) == kinds
