from functools import partial

import sqlalchemy as sa

from uptc_messenger.database import Database, Transaction
from uptc_messenger.database.schema import user_log
from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.events import ChatLeft, ChatRef, ToUser
from uptc_messenger.services import users
from uptc_messenger.services.users import NewUser, many
from uptc_messenger.toolkit.ids import uuid7

CHAT = ChatId(uuid7())


async def person(database: Database, name: str) -> UserId:
    made = await database.write(lambda tx: users.create(tx, NewUser(username=name)))
    return made.user_id


def left(user_id: UserId, useq: Seq) -> ChatLeft:
    del user_id
    return ChatLeft(useq=useq, data=ChatRef(chat_id=CHAT))


async def test_who_is_there_and_not_disabled(database: Database):
    ana, ben = await person(database, "ana"), await person(database, "ben")
    await database.write(partial(users.set_disabled, user_id=ben, disabled=True))
    asked = [ana, ben, UserId(uuid7())]
    assert await database.read(lambda r: many.active(r, asked)) == {ana}
    assert await database.read(lambda r: many.active(r, [])) == set()


async def test_everybody_is_told_in_their_own_log(database: Database):
    people = [await person(database, f"user{number}") for number in range(3)]

    def tell(tx: Transaction) -> list[tuple[UserId, Seq]]:
        many.tell(tx, people[:1], left)
        many.tell(tx, [*people, UserId(uuid7())], left)
        many.tell(tx, [], left)
        return [(p.user_id, p.event.useq) for p in tx.emitted if isinstance(p, ToUser)]

    told = await database.write(tell)

    assert told[0] == (people[0], 1)
    assert set(told[1:]) == {(people[0], 2), (people[1], 1), (people[2], 1)}
    rows = await database.read(lambda r: r.all(sa.select(user_log)))
    assert {(row.user_id, row.useq) for row in rows} == set(told)
    assert {row.kind for row in rows} == {"chat.left"}
