from zoneinfo import ZoneInfo

import pytest

from tests.core import World, refused
from tests.pages import Page
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services import users
from uptc_messenger.services.messages.export import copying
from uptc_messenger.services.messages.export.copying import Copy

UTC = ZoneInfo("UTC")
AT = "2026-03-09T14:05:06.789Z"


async def plan(world: World, who: UserId, chat: ChatId) -> Copy:
    return await world.database.read(lambda r: copying.plan(r, who, chat, UTC, AT))


async def pieces(world: World, copy: Copy) -> list[str]:
    return [piece.decode() async for piece in copying.write(world.database, copy)]


async def page(world: World, who: UserId, chat: ChatId) -> Page:
    return Page("".join(await pieces(world, await plan(world, who, chat))))


async def test_a_conversation_is_one_page_in_the_language_of_its_reader(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "hola **a todos**")
    await world.send(luis, chat, "¿qué tal?", reply_to=said)
    await world.edit(ana, (chat, said), "hola")
    gone = await world.say(luis, chat, "no")
    await world.delete(luis, (chat, gone))
    await world.react(luis, (chat, said), "👍")
    change = ProfileChange(locale="en")
    await world.database.write(lambda tx: users.change(tx, luis, change))
    mine, other = await page(world, luis, chat), await page(world, ana, chat)
    assert (mine.lang, other.lang) == ("en", "es")
    assert mine.ids == ["m1", "m2", "m4"]
    for text in ("Sistemas distribuidos", "ana", "¿qué tal?", "hola", "edited", "Deleted", "👍 1"):
        assert text in mine.text, text
    assert "a todos" not in mine.text
    assert mine.links == ["#m1"]


async def test_a_direct_chat_is_called_after_the_other(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    assert (await page(world, ana, chat)).texts("h1") == ["luis"]
    assert "no hay mensajes" in (await page(world, ana, chat)).text


async def test_it_is_read_in_slices_and_ends_where_it_began(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(copying, "SLICE", 3)
    ana = await world.user("ana")
    chat = await world.group(ana)
    for number in range(7):
        await world.send(ana, chat, f"número {number}")
    copy = await plan(world, ana, chat)
    written = copying.write(world.database, copy)
    first = [await anext(written), await anext(written)]
    await world.send(ana, chat, "más tarde")
    rest = [piece async for piece in written]
    shown = Page(b"".join(first + rest).decode())
    assert shown.ids == [f"m{seq}" for seq in range(1, 8)]
    assert [piece.count(b"<article") for piece in first + rest] == [0, 3, 3, 1, 0]


async def test_only_what_its_reader_may_read_is_on_it(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana)
    await world.set(chat, ana, SettingsChange(history="joined"))
    old = await world.say(ana, chat, "secreto")
    await world.add(chat, ana, luis)
    await world.send(ana, chat, "hola", reply_to=old)
    shown = await page(world, luis, chat)
    assert "secreto" not in shown.text
    assert shown.links == []
    assert shown.ids == ["m4"]
    assert await refused(plan(world, eva, chat)) == "not_found"


@pytest.mark.parametrize("back", [True, False])
async def test_who_is_removed_meanwhile_gets_no_more_and_the_page_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, back: bool
):
    monkeypatch.setattr(copying, "SLICE", 1)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for text in ("uno", "adiós"):
        await world.send(ana, chat, text)
    written = copying.write(world.database, await plan(world, luis, chat))
    begun = [await anext(written), await anext(written)]
    await world.remove(chat, ana, luis)
    if back:
        await world.set(chat, ana, SettingsChange(history="joined"))
        await world.add(chat, ana, luis)
    shown = Page(b"".join([*begun, *[piece async for piece in written]]).decode())
    assert "uno" in shown.text
    assert "adiós" not in shown.text
    assert "antes de tiempo" in shown.text


async def test_what_one_saved_is_called_so_and_names_its_authors(world: World):
    ana, luis = await world.users("ana", "luis")
    group, saved = await world.group(ana, luis), await world.group(ana, kind="saved")
    await world.forward(ana, saved, (group, await world.say(luis, group, "hola")))
    copy = await page(world, ana, saved)
    assert copy.texts("h1") == ["Mensajes guardados"]
    assert "Reenviado: escrito por luis" in copy.text
