from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChangeId, ChatId
from uptc_messenger.services.chats.repository import log
from uptc_messenger.toolkit.ids import uuid7


async def test_locks_are_taken_in_the_order_of_ids(world: World):
    ana = await world.person("ana")
    chats = [await world.chat(ana) for _ in range(3)]
    await world.delete(ana, chats[1])
    wanted = [chats[2], ChatId(uuid7()), chats[1], chats[0]]
    rows = await world.write(lambda tx: log.lock(tx, wanted))
    assert [row[:3] for row in rows] == [
        (chats[0], 0, 0),
        (chats[2], 0, 0),
    ]


async def test_changes_are_stored_and_read_back(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    named = ChangeId(uuid7())
    rows = [
        {
            "chat_id": chat_id,
            "seq": seq,
            "kind": "message.edited",
            "ref_seq": 1,
            "actor_id": ana.user_id,
            "change_id": named if seq == 2 else None,
            "created_at": world.now,
            "data": {"seq": seq},
        }
        for seq in (1, 2, 3)
    ]
    await world.write(lambda tx: log.append(tx, rows))
    await world.write(
        lambda tx: log.advance(tx, [{"chat": chat_id, "seq": 3, "count": 1, "at": world.now}])
    )

    between = await world.read(lambda r: log.changes_between(r, chat_id, 1, 3))
    assert [(row.seq, row.data) for row in between] == [(2, {"seq": 2}), (3, {"seq": 3})]
    found = await world.read(lambda r: log.find_change(r, chat_id, named))
    assert found is not None
    assert (found.seq, found.kind, found.ref_seq, found.actor_id) == (
        2,
        "message.edited",
        1,
        ana.user_id,
    )
    assert await world.read(lambda r: log.find_change(r, chat_id, uuid7())) is None
    assert (await world.see(ana, chat_id)).seq == 3


async def test_nothing_to_store_is_no_statement(world: World):
    seen = world.count_statements()
    await world.write(lambda tx: (log.append(tx, []), log.advance(tx, [])))
    assert [text for text in seen if text.startswith(("INSERT", "UPDATE"))] == []
