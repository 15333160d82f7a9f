from tests.core import World, refused
from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.events import (
    ChatLeft,
    ChatRef,
    DraftUpdate,
    DraftUpdated,
    Nothing,
    OwnUnknown,
    ReadUpdate,
    ReadUpdated,
    SessionEnd,
    SessionEnded,
    ToUser,
    UserEvent,
)
from uptc_messenger.services.users import log, repository
from uptc_messenger.toolkit.ids import uuid7


async def test_entries_are_dense_for_each_user_and_come_back_as_they_went(world: World):
    ana, beto = await world.users("ana", "beto")
    chat = ChatId(uuid7())
    ended = SessionEnd(session_id=SessionId(uuid7()))
    read = ReadUpdate(chat_id=chat, read_n=3)
    left = ChatRef(chat_id=chat)

    def write(tx: Transaction) -> list[UserEvent]:
        return [
            log.append(tx, ana, lambda useq: SessionEnded(useq=useq, data=ended)),
            log.append(tx, beto, lambda useq: ReadUpdated(useq=useq, data=read)),
            log.append(tx, ana, lambda useq: ChatLeft(useq=useq, data=left)),
        ]

    written = await world.database.write(write)
    assert [event.useq for event in written] == [1, 1, 2]
    assert await world.own_log(ana) == [written[0], written[2]]
    assert await world.own_log(ana, after=1) == [written[2]]
    assert await world.database.read(lambda r: log.head(r, ana)) == 2
    assert world.announced == [
        ToUser(user_id=user, event=event)
        for user, event in zip((ana, beto, ana), written, strict=True)
    ]


async def test_nobody_has_no_log(world: World):
    ended = SessionEnd(session_id=SessionId(uuid7()))
    nobody = UserId(uuid7())
    work = world.database.write(
        lambda tx: log.append(tx, nobody, lambda useq: SessionEnded(useq=useq, data=ended))
    )
    assert await refused(work) == "not_found"
    assert await world.database.read(lambda r: log.head(r, nobody)) == 0


async def test_an_entry_that_became_void_keeps_its_position(world: World):
    ana, beto = await world.users("ana", "beto")
    chat = ChatId(uuid7())

    def write(tx: Transaction) -> None:
        for user in (ana, beto, ana):
            said = DraftUpdate(chat_id=chat, text="hola", version=1)
            log.append(tx, user, lambda useq, said=said: DraftUpdated(useq=useq, data=said))
        log.rewrite(tx, ana, 1, DraftUpdate(chat_id=chat, text="", version=1))

    await world.database.write(write)
    entries = [*await world.own_log(ana), *await world.own_log(beto)]
    texts = [(e.useq, e.data.text) for e in entries if isinstance(e, DraftUpdated)]
    assert texts == [(1, ""), (2, "hola"), (1, "hola")]


async def test_what_a_newer_node_has_written_has_its_place_and_is_passed_over(world: World):
    ana = await world.user("ana")
    stored = [
        ("later.than.this", {"colour": "green"}),
        ("read.updated", {"chat_id": (chat := uuid7()), "read_n": 3, "colour": "green"}),
        ("read.updated", {"chat_id": chat, "read_n": "three"}),
    ]

    def write(tx: Transaction) -> None:
        for kind, data in stored:
            useq = repository.next_useq(tx, ana)
            row = {"user_id": ana, "useq": useq, "kind": kind, "data": data, "created_at": 1}
            repository.append_to_log(tx, row)

    await world.database.write(write)
    assert await world.own_log(ana) == [
        OwnUnknown(useq=1, data=Nothing()),
        ReadUpdated(useq=2, data=ReadUpdate(chat_id=ChatId(chat), read_n=3)),
        OwnUnknown(useq=3, data=Nothing()),
    ]
