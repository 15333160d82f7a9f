from typing import Any

import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database.schema import revisions
from uptc_messenger.services.messages.repository import changing


async def test_a_reaction_is_there_until_it_is_taken_back(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.say(ana, chat, "hola")
    key: dict[str, Any] = {"chat": chat, "at_seq": 1, "emoji": "👍", "user": luis}
    row = {"chat_id": chat, "seq": 1, "emoji": "👍", "user_id": luis, "created_at": 1}
    write, read = world.database.write, world.database.read
    assert not await read(lambda r: changing.has_reacted(r, key))
    await write(lambda tx: changing.react(tx, row))
    assert await read(lambda r: changing.has_reacted(r, key))
    assert await read(lambda r: changing.count(r, chat, 1, "👍")) == 1
    assert await read(lambda r: changing.emojis(r, chat, 1)) == {"👍"}
    await write(lambda tx: changing.unreact(tx, key))
    assert await read(lambda r: changing.count(r, chat, 1, "👍")) == 0


async def test_earlier_texts_are_kept_until_the_message_is_forgotten(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = await world.say(ana, chat, "uno")
    await world.edit(ana, (chat, said), "dos")
    await world.edit(ana, (chat, said), "tres")
    texts = sa.select(revisions.c.body).order_by(revisions.c.revision)
    kept = await world.database.read(lambda r: [row.body["text"] for row in r.all(texts)])
    assert kept == ["uno", "dos"]
    await world.database.write(lambda tx: changing.forget(tx, chat, 1))
    assert await world.database.read(lambda r: r.all(texts)) == []


async def test_who_is_not_in_a_chat_has_no_mark_in_it(world: World):
    ana, eva = await world.users("ana", "eva")
    chat = await world.group(ana)
    read = world.database.read
    assert await read(lambda r: changing.read_mark(r, ana, chat)) == 0
    assert await read(lambda r: changing.read_mark(r, eva, chat)) is None
