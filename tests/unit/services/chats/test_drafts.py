import pytest

from tests.core import World, kinds, refused
from tests.core import world as whole_world
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import Draft
from uptc_messenger.models.errors import Conflict, TooLarge
from uptc_messenger.models.events import DraftUpdated
from uptc_messenger.services.chats import drafts

world = whole_world


async def put(world: World, who: UserId, chat: ChatId, text: str, version: int) -> Draft:
    wanted = Draft(text=text, version=version)
    return await world.as_member(who, chat, lambda tx, m: drafts.put(tx, m, wanted))


async def test_a_draft_follows_its_person_and_nobody_else(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    assert await put(world, ana, chat, "ho", 0) == Draft(text="ho", version=1)
    assert await put(world, ana, chat, "hola", 1) == Draft(text="hola", version=2)
    assert (await world.chat(ana, chat)).draft == Draft(text="hola", version=2)
    assert not (await world.chat(luis, chat)).draft
    assert kinds(world.told_to(ana)) == ["chat.joined", "draft.updated", "draft.updated"]
    assert kinds(world.told_to(luis)) == ["chat.joined"]


async def test_a_stale_version_gets_the_draft_that_is_there(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await put(world, ana, chat, "uno", 0)
    with pytest.raises(Conflict) as caught:
        await put(world, ana, chat, "dos", 0)
    assert caught.value.details == {"text": "uno", "version": "1"}
    assert (await world.chat(ana, chat)).draft == Draft(text="uno", version=1)


async def test_a_retry_is_safe(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    first = await put(world, ana, chat, "uno", 0)
    assert await put(world, ana, chat, "uno", 0) == first
    assert await put(world, ana, chat, "uno", 9) == first
    assert kinds(world.told_to(ana)).count("draft.updated") == 1


async def test_clearing_is_told_and_the_version_goes_on(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await put(world, ana, chat, "uno", 0)
    assert await put(world, ana, chat, "", 1) == Draft(text="", version=2)
    event = world.told_to(ana)[-1]
    assert isinstance(event, DraftUpdated)
    assert (event.data.text, event.data.version) == ("", 2)
    assert await put(world, ana, chat, "dos", 2) == Draft(text="dos", version=3)


async def test_the_log_keeps_one_text_of_each_draft(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for version, text in enumerate(("contraseña", "hola", "hola a todos")):
        await put(world, ana, chat, text, version)
    kept = [e.data for e in await world.own_log(ana) if isinstance(e, DraftUpdated)]
    assert [(d.text, d.version) for d in kept] == [("", 1), ("", 2), ("hola a todos", 3)]


async def test_leaving_forgets_it(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await put(world, luis, chat, "uno", 0)
    await world.remove(chat, ana, luis)
    assert await refused(put(world, luis, chat, "dos", 1)) == "not_found"
    await world.add(chat, ana, luis)
    assert not (await world.chat(luis, chat)).draft


def test_it_is_no_longer_than_a_message():
    assert Draft(text="é" * 8_192, version=0).text
    with pytest.raises(TooLarge):
        Draft(text="é" * 8_193, version=0)
