import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database.derived import search_cursors
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


async def test_what_was_indexed_by_older_terms_begins_at_zero(world: World):
    chat = ChatId(uuid7())
    older = sa.insert(search_cursors).values(chat_id=chat, seq=7)
    await world.database.write(lambda tx: tx.run(older, {}))
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {chat: 0}
    assert not await world.database.write(lambda tx: cursors.move(tx, chat, 0, 5))
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    assert await world.database.write(lambda tx: cursors.move(tx, chat, 0, 5))
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {chat: 5}


async def test_who_has_older_terms_takes_the_chat_for_indexed(world: World):
    chat = ChatId(uuid7())
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    stored = sa.select(search_cursors.c.seq).where(search_cursors.c.chat_id == chat)
    (row,) = await world.database.read(lambda r: r.all(stored, {}))
    assert row.seq > 2**53, "further than any position"
