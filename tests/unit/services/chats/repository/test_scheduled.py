from tests.core import World, world
from uptc_messenger.services.chats.repository import scheduled

__all__ = ["world"]


async def test_the_next_of_anybody_come_first_and_what_failed_not_at_all(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    late = await world.schedule(ana, chat, "tarde", 90)
    soon = await world.schedule(luis, chat, "pronto", 30)
    failed = await world.schedule(ana, chat, "nunca", 10)
    await world.database.write(
        lambda tx: scheduled.fail(tx, ana, failed.message_id, {"code": "x", "message": "y"})
    )
    rows = await world.database.read(lambda reader: scheduled.next_due(reader, 5))
    assert [row.id for row in rows] == [soon.message_id, late.message_id]
    one = await world.database.read(lambda reader: scheduled.next_due(reader, 1))
    assert [row.user_id for row in one] == [luis]


async def test_they_are_counted_by_person_and_chat(world: World):
    ana, luis = await world.users("ana", "luis")
    one, other = await world.group(ana, luis), await world.group(ana)
    for chat in (one, one, other):
        await world.schedule(ana, chat, "hola")
    await world.schedule(luis, one, "hola")
    read = world.database.read
    assert await read(lambda reader: scheduled.count(reader, ana)) == 3
    assert await read(lambda reader: scheduled.counts(reader, ana)) == {one: 2, other: 1}
