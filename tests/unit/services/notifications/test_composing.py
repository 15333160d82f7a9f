import json
from typing import Any

from msgspec import UNSET, structs

from tests.core import World
from uptc_messenger.database import Reader
from uptc_messenger.services.messages import news
from uptc_messenger.services.notifications import composing, judging
from uptc_messenger.services.notifications.sealing import MOST


async def test_it_says_where_who_what_and_how_many(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for text in ("uno", "**dos** @luis"):
        await world.send(ana, chat, text)

    def look(reader: Reader) -> Any:
        said = news.between(reader, chat, 0, 10, 10)
        listener = judging.listeners(reader, chat, [luis], {ana})[luis]
        silent = structs.replace(
            listener, settings=structs.replace(listener.settings, preview=False)
        )
        return [composing.told(reader, w, chat, said, quiet=False) for w in (listener, silent)]

    told, silent = await world.database.read(look)
    assert (told.title, told.sender, told.text, told.count) == (
        "Sistemas distribuidos",
        "ana",
        "dos @luis",
        2,
    )
    assert (told.seq, told.n, told.call, told.locale) == (2, 2, True, "es")
    assert silent.text is UNSET
    assert json.loads(composing.payload(told))["kind"] == "message"
    assert "text" not in json.loads(composing.payload(silent))


async def test_the_longest_fits_and_a_direct_chat_has_no_title(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    await world.send(ana, chat, '😀"' * 2_000)

    def look(reader: Reader) -> Any:
        said = news.between(reader, chat, 0, 10, 10)
        listener = judging.listeners(reader, chat, [luis], {ana})[luis]
        return composing.told(reader, listener, chat, said, quiet=True)

    told = await world.database.read(look)
    assert told.title is None
    assert told.quiet
    assert len(composing.payload(told)) < MOST
