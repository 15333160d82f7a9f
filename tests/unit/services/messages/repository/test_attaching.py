from pathlib import Path

from tests.core import World, world
from tests.library import Library
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.messages.repository import attaching

__all__ = ["world"]
FIRST = ChatId("00000000-0000-0000-0000-000000000000")


async def test_where_a_file_is_and_where_it_was(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    ana, ben = await world.users("ana", "ben")
    one, other = sorted([await world.group(ana), await world.group(ana)])
    await world.add(other, ana, ben)
    file_id = (await library.put(ana, b"hola")).file_id
    for chat in (one, one, other):
        await library.send(ana, chat, [file_id])
    read = world.database.read
    places = await read(lambda r: attaching.places(r, file_id, ana, FIRST, 10))
    assert [tuple(row) for row in places] == [(one, 2), (other, 2)]
    assert len(await read(lambda r: attaching.places(r, file_id, ana, one, 10))) == 1
    # Of however many chats that have it, only those of who asks are looked at.
    places = await read(lambda r: attaching.places(r, file_id, ben, FIRST, 10))
    assert [row.chat_id for row in places] == [other]
    await world.remove(other, ana, ben)
    assert await read(lambda r: attaching.places(r, file_id, ben, FIRST, 10)) == []
    assert await read(lambda r: attaching.some(r, one, 10)) == {1, 2}
    await world.database.write(lambda tx: attaching.detach(tx, one, 2))
    assert await read(lambda r: attaching.files_of(r, one, 2)) == []
    assert await read(lambda r: attaching.files_of(r, one, 1)) == [file_id]
    assert await read(lambda r: attaching.deleted_chats(r, 10)) == []
