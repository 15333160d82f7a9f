from tests.core import World, refused
from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.events import (
    ChatLeft,
    ChatRef,
    ReadUpdate,
    ReadUpdated,
    SessionEnd,
    SessionEnded,
    ToUser,
    UserEvent,
)
from uptc_messenger.services.users import log
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
