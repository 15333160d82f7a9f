from tests.core import World
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.notifications.repository import cursors
from uptc_messenger.services.notifications.repository.cursors import Place
from uptc_messenger.toolkit.ids import uuid7


async def test_only_who_knows_where_it_is_moves_it(world: World):
    chat, member = ChatId(uuid7()), UserId(uuid7())
    halfway = Place(seq=0, upto=7, member_id=member)
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    moves = [
        (Place(), halfway, True),
        (Place(), Place(seq=7), False),
        (halfway, Place(seq=7), True),
        (halfway, Place(seq=9), False),
    ]
    for known, reached, done in moves:
        moved = await world.database.write(
            lambda tx, known=known, reached=reached: cursors.move(tx, chat, known, reached)
        )
        assert moved == done
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {chat: Place(seq=7)}
    await world.database.write(lambda tx: cursors.begin(tx, chat))
    await world.database.write(lambda tx: cursors.drop(tx, chat))
    assert await world.database.read(lambda r: cursors.of(r, [chat])) == {}
