from typing import Any

from tests.core import World
from tests.core import world as whole_world
from uptc_messenger.services.chats.repository import drafts

world = whole_world


async def test_a_draft_is_added_replaced_and_found(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    row: dict[str, Any] = {
        "user_id": ana,
        "chat_id": chat,
        "text": "uno",
        "version": 1,
        "useq": 2,
    }
    await world.database.write(lambda tx: drafts.add(tx, row))
    again = {**row, "text": "dos", "version": 2, "useq": 5}
    await world.database.write(lambda tx: drafts.replace(tx, again))
    found = await world.database.read(lambda r: drafts.find(r, ana, chat))
    assert found is not None
    assert (found.text, found.version, found.useq) == ("dos", 2, 5)
    some = await world.database.read(lambda r: drafts.some(r, ana, [chat]))
    assert {c: (d.text, d.version) for c, d in some.items()} == {chat: ("dos", 2)}
    assert await world.database.read(lambda r: drafts.find(r, luis, chat)) is None
