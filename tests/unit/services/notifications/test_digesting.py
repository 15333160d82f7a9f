import pytest
from msgspec import structs

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from tests.post_office import text_of
from uptc_messenger.models.notifications import QuietHours
from uptc_messenger.services.notifications import digesting
from uptc_messenger.services.notifications.digesting import MOST_SAID


async def letters(room: Newsroom) -> list[str]:
    return [text_of(letter) for letter in room.office.letters]


async def test_a_letter_says_what_is_unread_in_each_chat(world: World):
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu")
        group, direct = await world.group(ana, luis), await world.group(ana, luis, kind="direct")
        for number in range(MOST_SAID + 2):
            await world.send(ana, group, f"**mensaje** {number}")
        await world.send(ana, direct, "¿vienes?")
        await world.read_to(luis, group, 1)
        await room.settle(900)
        (letter,) = await letters(room)
        assert "Sistemas distribuidos (4)" in letter
        assert "ana: mensaje 4" in letter
        assert "ana: mensaje 1" not in letter
        assert "y 1 más" in letter
        assert "ana (1)" in letter
        assert f"https://chat.example.edu/c/{direct}/m/1" in letter
        assert room.office.letters[0]["Subject"] == "Tienes 5 mensajes sin leer"


async def test_what_was_in_a_letter_is_in_no_other(world: World):
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu")
        chat = await world.group(ana, luis)
        await world.send(ana, chat, "uno")
        await room.settle(900)
        assert await room.settle(86_400) == 0
        await world.send(ana, chat, "dos")
        await room.settle(900)
        first, second = await letters(room)
        assert "uno" in first
        assert "uno" not in second
        assert "dos" in second


async def test_who_read_it_or_wants_no_mail_any_more_gets_none(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    async with newsroom(world) as room:
        for user in (luis, eva):
            await room.subscribe(user, f"{user}@example.edu")
        chat = await world.group(ana, luis, eva)
        await world.send(ana, chat, "hola")
        await room.settle()
        await world.read_to(luis, chat, 1)
        await room.wish(eva, mail="off")
        await room.settle(900)
        assert room.office.letters == []


async def test_in_quiet_hours_it_waits_for_their_end(world: World):
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu")
        await room.wish(luis, mail="missed", quiet=QuietHours(start="00:00", end="23:59"))
        chat = await world.group(ana, luis)
        await world.send(ana, chat, "hola")
        assert await room.settle(900) == 1
        assert room.office.letters == []
        await room.wish(luis, mail="missed")
        await room.settle(86_400)
        assert len(room.office.letters) == 1


async def test_a_digest_goes_out_in_the_morning_and_without_text_where_that_is_wanted(
    world: World,
):
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu", "daily")
        after = await room.wish(luis, mail="daily", preview=False)
        assert structs.replace(after, mail="off").preview is False
        chat = await world.group(ana, luis)
        await world.send(ana, chat, "secreto")
        assert await room.settle(900) == 0
        await room.settle(86_400)
        (letter,) = await letters(room)
        assert "secreto" not in letter
        assert "Sistemas distribuidos (1)" in letter


@pytest.mark.parametrize("after", [6, 14])
async def test_a_call_is_in_the_letter_however_much_was_said_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, after: int
):
    monkeypatch.setattr(digesting, "PAGE", 4)
    monkeypatch.setattr(digesting, "MOST_PAGES", 2)
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu", "weekly")
        await room.wish(luis, mail="weekly", level="mentions")
        chat = await world.group(ana, luis)
        await world.say(ana, chat, "@luis, ¿traes el proyector?")
        for number in range(after):
            await world.send(ana, chat, f"{number}")
        await room.settle()
        await room.settle(8 * 86_400)
        (letter,) = await letters(room)
        assert "¿traes el proyector?" in letter
        assert room.office.letters[0]["Subject"] == "Tienes 1 mensaje sin leer"


async def test_conversations_that_have_no_room_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(digesting, "MOST_CHATS", 1)
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        await room.subscribe(luis, "luis@example.edu")
        for _ in range(3):
            chat = await world.group(ana, luis)
            await world.send(ana, chat, "uno")
            await world.send(ana, chat, "dos")
        await room.settle(900)
        (letter,) = await letters(room)
        assert "Y en 2 conversaciones más." in letter
        assert room.office.letters[0]["Subject"] == "Tienes 6 mensajes sin leer"
        assert await room.settle(86_400) == 0, "nothing of it is told again"
