from tests.core import World
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository import cursors
from uptc_messenger.toolkit.ids import uuid7


async def test_a_cursor_moves_only_from_where_it_is_known_to_be(world: World):
    chat = ChatId(uuid7())
    for _ in range(2):
        await world.database.write(lambda tx: cursors.begin(tx, chat))
    assert await world.database.write(lambda tx: cursors.move(tx, chat, 0, 7))
    assert not await world.database.write(lambda tx: cursors.move(tx, chat, 0, 9))
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {chat: 7}
    await world.database.write(lambda tx: cursors.drop(tx, chat))
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {}
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    await world.database.write(cursors.drop_all)
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {}
