from tests.core import World
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.events import ChatLeft, ChatRef
from uptc_messenger.services import users
from uptc_messenger.services.users import many
from uptc_messenger.toolkit.ids import uuid7


async def test_each_is_told_at_the_next_position_of_their_own(world: World):
    ana, beto = await world.users("ana", "beto")
    nobody = UserId(uuid7())
    chat = ChatRef(chat_id=ChatId(uuid7()))
    for told in ([ana], [ana, beto, nobody]):
        await world.database.write(
            lambda tx, told=told: many.tell(
                tx, told, lambda _, useq: ChatLeft(useq=useq, data=chat)
            )
        )
    assert [event.useq for event in await world.own_log(ana)] == [1, 2]
    assert [event.useq for event in await world.own_log(beto)] == [1]
    assert await world.own_log(nobody) == []
    assert len(world.told_to(ana)) == 2


async def test_the_active_are_those_who_exist_and_are_not_disabled(world: World):
    ana, beto = await world.users("ana", "beto")
    await world.database.write(lambda tx: users.set_disabled(tx, beto, disabled=True))
    asked = [ana, beto, UserId(uuid7())]
    assert await world.database.read(lambda reader: many.active(reader, asked)) == {ana}
