from tests.core import World
from uptc_messenger.models.events import Mentioned
from uptc_messenger.services.messages.mentions import ALL, MAX_CALLED, Called


def test_everybody_comes_first_on_the_wire():
    assert Called(user_ids=(), everybody=True).wire == [ALL]
    assert Called(user_ids=(), everybody=False).wire == []


async def test_members_are_called_by_name_and_nobody_else(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "@LUIS @eva @nadie @ana @luis")
    (message,) = await world.page(ana, chat)
    assert message.mentions == [luis]
    assert not any(isinstance(event, Mentioned) for event in world.told_to(eva))
    assert not any(isinstance(event, Mentioned) for event in world.told_to(ana))


async def test_everybody_may_be_called_only_by_who_may(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis, eva)
    await world.send(luis, chat, "@all")
    await world.send(ana, chat, "@all a clase")
    quiet, loud = await world.page(eva, chat)
    assert quiet.mentions == []
    assert loud.mentions == [ALL]
    assert (await world.chat(eva, chat)).mentions == 1


async def test_called_by_name_and_with_everybody_is_called_once(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "@all y sobre todo @luis")
    assert (await world.chat(luis, chat)).mentions == 1


async def test_an_edit_does_not_ring_twice(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "@luis")
    await world.edit(ana, (chat, said), "@luis, ven")
    assert sum(isinstance(event, Mentioned) for event in world.told_to(luis)) == 1


async def test_one_message_calls_so_many_and_no_more(world: World):
    ana, *others = await world.users("ana", *(f"p{n:03}" for n in range(MAX_CALLED + 5)))
    chat = await world.group(ana, *others)
    await world.send(ana, chat, " ".join(f"@p{n:03}" for n in range(MAX_CALLED + 5)))
    (message,) = await world.page(ana, chat)
    assert len(message.mentions) == MAX_CALLED
