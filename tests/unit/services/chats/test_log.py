import pytest

from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId, Seq
from uptc_messenger.models.errors import Conflict, NotFound
from uptc_messenger.models.events import MemberChange, MemberRole, ToChat
from uptc_messenger.services.chats import log
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7


async def test_a_change_takes_the_next_position(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    await world.say(chat_id, ana)
    data = MemberChange(user_id=ana.user_id, role="owner")
    change = log.Change(chat_id=chat_id, actor_id=ana.user_id, data=data)
    world.now += 5
    world.forget()

    seqs = [await world.write(lambda tx: log.record(tx, change, MemberRole)) for _ in range(2)]

    assert seqs == [2, 3]
    assert [p.n for p in world.heard if isinstance(p, ToChat)] == [1, 1]
    assert world.log[0] == MemberRole(
        chat_id=chat_id, seq=2, actor_id=ana.user_id, at=rfc3339(world.now), data=data
    )
    rows = await world.read(lambda r: log.changes_between(r, chat_id, 0, 9))
    assert [(row.seq, row.kind, row.data) for row in rows] == [
        (seq, "member.role", {"user_id": ana.user_id, "role": "owner"}) for seq in (2, 3)
    ]
    assert (await world.see(ana, chat_id)).updated_at == rfc3339(world.now)


async def test_a_refused_command_gives_its_position_back(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    data = MemberChange(user_id=ana.user_id, role="owner")
    change = log.Change(chat_id=chat_id, actor_id=ana.user_id, data=data)
    world.forget()

    def refused(tx: log.Transaction) -> Seq:
        log.record(tx, change, MemberRole)
        raise Conflict

    with pytest.raises(Conflict):
        await world.write(refused)
    assert world.heard == []
    assert await world.write(lambda tx: log.record(tx, change, MemberRole)) == 1


async def test_there_is_no_log_of_a_chat_that_is_not_there(world: World):
    ana = await world.person("ana")
    gone = await world.chat(ana)
    await world.delete(ana, gone)
    for chat_id in (gone, ChatId(uuid7())):
        with pytest.raises(NotFound):
            await world.write(lambda tx, c=chat_id: log.lock(tx, c))


async def test_heads_are_held_and_advanced(world: World):
    ana = await world.person("ana")
    one, two = await world.chat(ana), await world.chat(ana)

    def command(tx: log.Transaction) -> None:
        heads = log.lock_all(tx, [two, one, ChatId(uuid7())])
        assert set(heads) == {one, two}
        log.advance(tx, [heads[one].next_message(), heads[two]])

    await world.write(command)
    heads = await world.write(lambda tx: log.lock_all(tx, [one, two]))
    assert (heads[one].seq, heads[one].n) == (1, 1)
    assert (heads[two].seq, heads[two].n) == (0, 0)
