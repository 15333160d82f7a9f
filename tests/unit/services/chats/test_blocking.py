from tests.core import World, refused
from tests.core import world as whole_world
from uptc_messenger.models.base import UserId
from uptc_messenger.services.chats import blocking

world = whole_world


async def block(world: World, who: UserId, whom: UserId) -> None:
    await world.database.write(lambda tx: blocking.block(tx, who, whom))


async def unblock(world: World, who: UserId, whom: UserId) -> None:
    await world.database.write(lambda tx: blocking.unblock(tx, who, whom))


async def test_in_a_direct_chat_neither_writes_until_both_take_it_back(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    said = await world.say(luis, chat, "hola")
    await block(world, ana, luis)
    for who in (ana, luis):
        assert await refused(world.send(who, chat, "hola")) == "forbidden"
        assert await refused(world.react(who, (chat, said), "👍")) == "forbidden"
    assert await refused(world.edit(luis, (chat, said), "otra")) == "forbidden"
    assert await world.texts(luis, chat) == ["hola"]
    assert (await world.delete(luis, (chat, said))).seq == 2
    await block(world, luis, ana)
    await unblock(world, ana, luis)
    assert await refused(world.send(ana, chat, "hola")) == "forbidden"
    await unblock(world, luis, ana)
    await world.send(luis, chat, "de nuevo")


async def test_a_retry_of_what_was_sent_before_gets_its_answer(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    said = await world.say(luis, chat, "hola")
    await block(world, ana, luis)
    assert (await world.send(luis, chat, "hola", said)).duplicate


async def test_no_direct_chat_begins_and_one_that_is_there_is_found(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    await block(world, ana, luis)
    for pair in ((ana, luis), (luis, ana)):
        assert await refused(world.group(*pair, kind="direct")) == "forbidden"
    await unblock(world, ana, luis)
    chat = await world.group(luis, ana, kind="direct")
    await block(world, ana, luis)
    assert await world.group(luis, ana, kind="direct") == chat
    await world.group(luis, eva, kind="direct")


async def test_who_is_blocked_cannot_add_who_blocks(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(luis, eva)
    await block(world, ana, luis)
    assert await refused(world.add(chat, luis, ana)) == "forbidden"
    assert await refused(world.group(luis, eva, ana)) == "forbidden"
    assert ana not in await world.member_ids(chat)
    # The other way round it is the choice of who blocks.
    await world.group(ana, luis)


async def test_in_groups_both_go_on_writing(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await block(world, ana, luis)
    await world.send(luis, chat, "hola")
    await world.send(ana, chat, "hola")
    assert await world.texts(ana, chat) == ["hola", "hola"]
