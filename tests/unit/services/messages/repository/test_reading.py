from tests.core import World
from uptc_messenger.services.messages.repository import reading


async def test_ranges_exclude_their_ends_and_stop_at_the_limit(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for number in range(1, 7):
        await world.send(ana, chat, f"{number}")
    read = world.database.read
    assert [r.seq for r in await read(lambda r: reading.forward(r, chat, 1, 5, 9))] == [2, 3, 4]
    assert [r.seq for r in await read(lambda r: reading.forward(r, chat, 1, 5, 2))] == [2, 3]
    assert [r.seq for r in await read(lambda r: reading.backward(r, chat, 1, 5, 2))] == [4, 3]


async def test_the_newest_of_each_chat_that_has_one(world: World):
    ana = await world.user("ana")
    one, other, empty = [await world.group(ana) for _ in range(3)]
    for text in ("uno", "dos"):
        await world.send(ana, one, text)
    said = await world.say(ana, other, "tres")
    await world.react(ana, (other, said), "👍")
    rows = await world.database.read(lambda r: reading.newest_of(r, [one, other, empty]))
    assert {row.chat_id: row.body["text"] for row in rows} == {one: "dos", other: "tres"}


async def test_no_ids_cost_no_query_and_no_chat_has_no_head(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    assert await world.database.read(lambda r: reading.by_seqs(r, chat, [])) == {}
    head = await world.database.read(lambda r: reading.head(r, chat))
    assert head is not None
    assert (head.last_seq, head.last_n) == (0, 0)
    missing = await world.database.read(lambda r: reading.head(r, type(chat)(ana)))
    assert missing is None


async def test_messages_of_any_chats_by_their_ids(world: World):
    ana = await world.user("ana")
    one, other = await world.group(ana), await world.group(ana)
    said, also = await world.say(ana, one, "uno"), await world.say(ana, other, "dos")
    ids = {(one, said), (other, also), (one, also)}
    rows = await world.database.read(lambda r: reading.by_ids(r, ids))
    assert {row.chat_id: row.body["text"] for row in rows} == {one: "uno", other: "dos"}
