from tests.core import NOON, World
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search import repository
from uptc_messenger.services.search.repository import Entry, Wanted
from uptc_messenger.services.search.terms import Term, key_of
from uptc_messenger.toolkit.ids import uuid7


async def test_the_index_holds_what_was_put(world: World):
    await hold(world)


async def test_nobody_asks_for_nothing(world: World):
    wanted = Wanted(chats={}, groups=((Term("a"),),), since=0, before=9, limit=1, now=NOON)
    assert await world.database.scan(lambda r: repository.propose(r, wanted)) == []


async def hold(world: World) -> None:
    chat, other = ChatId(uuid7()), ChatId(uuid7())
    key = key_of(chat)
    entries = [Entry(seq, 100, [key, key + word]) for seq, word in enumerate(("uno", "dos", "do"))]

    async def seqs(text: str, prefix: bool = False, visible: int = -1) -> set[int]:
        wanted = Wanted(
            chats={chat: visible, other: -1},
            groups=((Term(text, prefix=prefix),),),
            since=100,
            before=200,
            limit=10,
            now=NOON,
        )
        found = await world.database.scan(lambda r: repository.propose(r, wanted))
        assert {one.chat_id for one in found} <= {chat}
        return {one.seq for one in found}

    await world.database.write(lambda tx: repository.put(tx, chat, entries))
    await world.database.write(lambda tx: repository.put(tx, chat, entries))
    assert await seqs("do", prefix=True) == {1, 2}
    assert await seqs("do") == {2}
    assert await seqs("") == {0, 1, 2}
    assert await seqs("", visible=1) == {2}
    changed = [Entry(1, 100, [key, key + "tres"]), Entry(2, 100, [])]
    await world.database.write(lambda tx: repository.put(tx, chat, changed))
    assert await seqs("dos") == await seqs("do") == set()
    assert await seqs("tres") == {1}
    assert await world.database.write(lambda tx: repository.forget(tx, chat, 1)) == 1
    await world.database.write(repository.clear)
    assert await seqs("") == set()
