from tests.unit.services.chats.world import World
from uptc_messenger.services.chats.repository import user_chats


async def test_a_person_has_marks_and_rows(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    one, two = await world.chat(ana, ben), await world.chat(ana)
    await world.say(one, ana, times=3)
    await world.read_up_to(one, ben, 2)

    assert await world.read(lambda r: user_chats.marks(r, ben.user_id)) == {one: 2}
    rows = await world.read(lambda r: user_chats.some(r, ana.user_id, [one, two]))
    assert {(c, row.read_n, row.level, row.pinned) for c, row in rows.items()} == {
        (one, 0, "default", False),
        (two, 0, "default", False),
    }


async def test_unread_calls_are_beyond_the_mark(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben)
    for _ in range(3):
        await world.say(chat_id, ana, calling=[ben])
    await world.read_up_to(chat_id, ben, 1)
    rows = await world.read(lambda r: user_chats.unread_calls(r, ben.user_id, [chat_id]))
    assert sorted(row.n for row in rows) == [2, 3]


async def test_removing_forgets_the_calls_too(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    kept, gone = await world.chat(ana, ben), await world.chat(ana, ben)
    for chat_id in (kept, gone):
        await world.say(chat_id, ana, calling=[ben])
    await world.write(lambda tx: user_chats.remove(tx, [ben.user_id], gone))

    assert set(await world.read(lambda r: user_chats.marks(r, ben.user_id))) == {kept}
    await world.write(lambda tx: user_chats.add(tx, [{"user_id": ben.user_id, "chat_id": gone}]))
    calls = await world.read(lambda r: user_chats.unread_calls(r, ben.user_id, [kept, gone]))
    assert [row.chat_id for row in calls] == [kept]
