from collections.abc import Mapping, Sequence

import pytest

from tests.unit.services.chats.world import World
from uptc_messenger.database import Reader
from uptc_messenger.models.base import ChatId, MessageId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.messages import Body, Message
from uptc_messenger.services.chats import presenting
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7


async def test_chats_as_a_member_sees_them(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    group = await world.chat(ana, ben)
    direct = await world.chat(ben, ana, kind="direct")
    foreign = await world.chat(eve)
    await world.say(group, ana, calling=[ben])
    await world.say(group, ana, all=True)
    await world.say(direct, ana)
    await world.read_up_to(direct, ben, 1)
    asked = [direct, foreign, ChatId(uuid7()), group]

    found = await world.read(lambda r: presenting.present(r, ben.user_id, asked))

    assert [chat.chat_id for chat in found] == [direct, group]
    assert [(chat.role, chat.peer_id) for chat in found] == [
        ("member", ana.user_id),
        ("member", presenting.UNSET),
    ]
    assert [(chat.n, chat.read_n, chat.mentions) for chat in found] == [(1, 1, 0), (2, 0, 2)]
    assert [chat.title for chat in found] == [None, "Redes"]
    with pytest.raises(NotFound):
        await world.see(ben, foreign)


async def test_the_last_message_comes_from_who_knows_messages(world: World):
    ana, eve = await world.person("ana"), await world.person("eve")
    chat_id, foreign = await world.chat(ana), await world.chat(eve)
    asked: list[Member] = []
    message = Message(
        chat_id=chat_id,
        seq=1,
        n=1,
        message_id=MessageId(uuid7()),
        sender_id=ana.user_id,
        kind="text",
        body=Body(text="hola"),
        created_at=rfc3339(world.now),
        revision=1,
        deleted=False,
        file_ids=[],
        mentions=[],
        reactions=[],
    )

    def last(reader: Reader, members: Sequence[Member]) -> Mapping[ChatId, Message]:
        del reader
        asked.extend(members)
        return {chat_id: message}

    found = await world.read(lambda r: presenting.present(r, ana.user_id, [chat_id, foreign], last))
    assert [chat.last_message for chat in found] == [message]
    assert [member.chat_id for member in asked] == [chat_id]


async def test_the_list_goes_from_the_latest_activity(world: World):
    ana = await world.person("ana")
    chats: list[ChatId] = []
    for _ in range(5):
        chats.append(await world.chat(ana))
        world.now += 10
    await world.say(chats[1], ana)
    gone = await world.chat(ana)
    await world.delete(ana, gone)

    seen: list[list[ChatId]] = []
    place: presenting.Place | None = None
    while not seen or place is not None:
        page, place = await world.read(
            lambda r, after=place: presenting.page(r, ana.user_id, after, 2)
        )
        seen.append(page)

    assert seen == [[chats[1], chats[4]], [chats[3], chats[2]], [chats[0]]]


async def test_chats_of_the_same_millisecond_are_each_listed_once(world: World):
    ana = await world.person("ana")
    chats = {await world.chat(ana) for _ in range(4)}
    first, place = await world.read(lambda r: presenting.page(r, ana.user_id, None, 2))
    second, end = await world.read(lambda r: presenting.page(r, ana.user_id, place, 2))
    assert {*first, *second} == chats
    assert end is None


async def test_who_has_no_chats_has_an_empty_list(world: World):
    ana = await world.person("ana")
    assert await world.read(lambda r: presenting.page(r, ana.user_id, None, 50)) == ([], None)
    assert await world.read(lambda r: presenting.present(r, ana.user_id, [])) == []


async def test_a_list_costs_the_same_statements_for_one_chat_and_for_twenty(world: World):
    ana = await world.person("ana")
    chats = [await world.chat(ana) for _ in range(20)]
    for chat_id in chats:
        await world.say(chat_id, ana, all=True)
    seen = world.count_statements()

    async def cost(some: Sequence[ChatId]) -> int:
        seen.clear()
        await world.write(lambda tx: presenting.present(tx, ana.user_id, some))
        return len(seen)

    assert await cost(chats) == await cost(chats[:1])
