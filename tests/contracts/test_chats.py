"""Chats on each engine: what is written for one must mean the same on the other."""

import asyncio

import pytest

from tests.core import World, principal
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import InviteCreation
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import ChatJoined, ChatLeft
from uptc_messenger.services.chats import access, editing, invites, presenting, service
from uptc_messenger.toolkit.ids import uuid7


async def test_pairs_find_exactly_the_members(world: World):
    ana, ben, eve = await world.users("ana", "ben", "eve")
    one, two = await world.group(ana, ben), await world.group(eve)
    await world.remove(one, ana, ben)
    everything = [(u, c) for u in (ana, ben, eve) for c in (one, two, ChatId(uuid7()))]
    found = await world.database.read(lambda r: access.find_members(r, everything))
    assert set(found) == {(ana, one), (eve, two)}


async def test_a_pair_has_one_direct_chat(world: World):
    ana, ben = await world.users("ana", "ben")
    made = await asyncio.gather(
        *(world.group(*pair, kind="direct") for pair in [(ana, ben), (ben, ana)] * 5)
    )
    assert len(set(made)) == 1
    assert (await world.chat(ana, made[0])).peer_id == ben


async def test_the_list_counts_what_is_unread(world: World):
    ana, ben = await world.users("ana", "ben")
    one, two = await world.group(ana, ben), await world.group(ana, ben)
    await world.send(ana, one, "hola @ben @all")
    await world.send(ana, two, "hola")

    def page(reader: presenting.Reader) -> list[tuple[ChatId, int, int]]:
        ids, _ = presenting.page(reader, ben, None, 50)
        chats = presenting.present(reader, ben, ids)
        return [(chat.chat_id, chat.n - chat.read_n, chat.mentions) for chat in chats]

    assert set(await world.database.read(page)) == {(one, 1, 1), (two, 1, 0)}


async def test_the_end_of_a_chat_reaches_everybody_once(world: World):
    ana, ben = await world.users("ana", "ben")
    chat_id = await world.group(ana, ben)
    await world.database.write(lambda tx: editing.delete(tx, access.hold(tx, ana, chat_id)))

    for user_id in (ana, ben):
        assert [type(event) for event in world.told_to(user_id)] == [ChatJoined, ChatLeft]
        assert await world.database.read(lambda r, u=user_id: service.chat_ids(r, u)) == []
    with pytest.raises(NotFound):
        await world.chat(ana, chat_id)


async def test_fifty_come_at_once_by_an_invitation_for_one(world: World):
    ana = await world.user("ana")
    people = [await world.user(f"user{number:02d}") for number in range(50)]
    chat_id = await world.group(ana)
    wanted = InviteCreation(chat_ids=[chat_id], max_uses=1)
    made = await world.database.write(lambda tx: invites.create(tx, principal(ana), wanted))
    code = str(made.invite)

    async def accept(user_id: UserId) -> list[ChatId]:
        return await world.database.write(lambda tx: invites.accept(tx, code, user_id))

    results = await asyncio.gather(*(accept(p) for p in people), return_exceptions=True)

    assert results.count([chat_id]) == 1
    assert sum(isinstance(result, NotFound) for result in results) == 49
    assert (await world.chat(ana, chat_id)).member_count == 2
    listed, end = await world.database.read(
        lambda r: invites.page(r, principal(ana, "owner"), invites.FIRST, 0, 50)
    )
    assert (listed, end) == ([], None)
