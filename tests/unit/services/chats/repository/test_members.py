from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.chats.repository import members
from uptc_messenger.toolkit.ids import uuid7


async def test_who_left_is_found_and_not_current(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben)
    await world.remove(ana, chat_id, ben)

    row = await world.read(lambda r: members.find(r, chat_id, ben.user_id))
    assert row is not None
    assert row.left_seq == 1
    assert await world.read(lambda r: members.find_current(r, chat_id, ben.user_id)) is None
    assert await world.read(lambda r: members.find(r, ChatId(uuid7()), ben.user_id)) is None
    assert await world.read(lambda r: members.ids(r, chat_id)) == [ana.user_id]


async def test_pairs_of_a_chat_that_is_there(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    kept, gone = await world.chat(ana), await world.chat(ana)
    await world.delete(ana, gone)
    pairs = [(p.user_id, c) for p in (ana, ben) for c in (kept, gone)]
    (row,) = await world.read(lambda r: members.of_pairs(r, pairs))
    assert row[:6] == (ana.user_id, kept, "owner", 0, "group", False)
    assert '"post":"members"' in row[6]


async def test_owners_are_counted_and_roles_found(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    chat_id = await world.chat(ana, ben, eve)
    other = await world.chat(eve)
    await world.put(ana, chat_id, ben, "owner")

    assert await world.read(lambda r: members.count_owners(r, chat_id)) == 2
    owners = await world.read(lambda r: members.with_roles(r, [chat_id], ["owner"]))
    assert owners == {ana.user_id, ben.user_id}
    among = await world.read(
        lambda r: members.among(r, [chat_id, other], [eve.user_id, ben.user_id])
    )
    assert among == {eve.user_id, ben.user_id}


async def test_the_other_of_each_direct_chat(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    one = await world.chat(ana, ben, kind="direct")
    two = await world.chat(eve, ana, kind="direct")
    peers = await world.read(lambda r: members.peers(r, ana.user_id, [one, two]))
    assert peers == {one: ben.user_id, two: eve.user_id}


async def test_everybody_leaves_at_one_position(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben)
    await world.remove(ana, chat_id, ben)
    await world.write(lambda tx: members.leave_all(tx, chat_id, 7))
    left = [
        await world.read(lambda r, p=person: members.find(r, chat_id, p.user_id))
        for person in (ana, ben)
    ]
    assert [row.left_seq for row in left if row is not None] == [7, 1]
