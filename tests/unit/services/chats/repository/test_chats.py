import pytest
from sqlalchemy.exc import IntegrityError

from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.chats import ChatSettings
from uptc_messenger.services.chats.repository import chats
from uptc_messenger.toolkit.ids import uuid7


async def test_a_deleted_chat_keeps_its_id(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    await world.write(lambda tx: chats.delete(tx, chat_id))

    assert await world.read(lambda r: chats.full(r, [chat_id])) == {}
    assert await world.read(lambda r: chats.heads(r, [chat_id])) == []
    kept = await world.read(lambda r: chats.find_any(r, chat_id))
    assert kept is not None
    assert (kept.kind, kept.creator_id, kept.deleted) == ("group", ana.user_id, True)
    assert await world.read(lambda r: chats.find_any(r, ChatId(uuid7()))) is None


async def test_heads_since_a_time(world: World):
    ana = await world.person("ana")
    old = await world.chat(ana)
    world.now += 1
    new = await world.chat(ana)
    both = [old, new]
    recent = await world.read(lambda r: chats.heads(r, both, world.now - 1))
    assert [row.id for row in recent] == [new]
    assert len(await world.read(lambda r: chats.heads(r, both))) == 2


async def test_a_pair_has_one_direct_chat_in_either_order(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    one, other = ana.user_id, ben.user_id
    assert await world.read(lambda r: chats.find_direct(r, one, other)) is None
    chat_id = await world.chat(ana, ben, kind="direct")
    for pair in ((one, other), (other, one)):
        assert await world.read(lambda r, p=pair: chats.find_direct(r, *p)) == chat_id
    with pytest.raises(IntegrityError):
        await world.write(lambda tx: chats.add_direct(tx, other, one, ChatId(uuid7())))


async def test_columns_are_set_and_counted(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    settings = ChatSettings(receipts=False)
    values = {"title": "Otra", "topic": "t", "settings": settings, "picture_file_id": None}
    await world.write(lambda tx: chats.update(tx, chat_id, values))
    await world.write(lambda tx: chats.count_members(tx, chat_id, 2))
    seen = await world.see(ana, chat_id)
    assert (seen.title, seen.topic, seen.member_count) == ("Otra", "t", 3)
    assert seen.settings == ChatSettings(receipts=False)


async def test_calls_to_everybody(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    await world.say(chat_id, ana, times=2, all=True)
    calls = await world.read(lambda r: chats.calls_to_all(r, [chat_id], 1))
    assert [(row.chat_id, row.n) for row in calls] == [(chat_id, 2)]
