from tests.core import World, new_message_id
from uptc_messenger.models.base import MessageId
from uptc_messenger.services.messages.repository import posting


async def test_messages_are_found_by_chat_and_id_together(world: World):
    ana = await world.user("ana")
    one, other = await world.group(ana), await world.group(ana)
    said = await world.say(ana, one, "uno")
    keys = {(one, said), (other, said), (one, new_message_id())}
    found = await world.database.write(lambda tx: posting.posted(tx, keys))
    assert set(found) == {(one, said)}
    assert (found[one, said].seq, found[one, said].sender_id) == (1, ana)
    bodies = await world.database.write(lambda tx: posting.quoted(tx, keys))
    assert bodies[one, said].body == {"text": "uno"}
    nothing: set[tuple[str, MessageId]] = set()
    assert await world.database.write(lambda tx: posting.quoted(tx, nothing)) == {}  # pyright: ignore[reportArgumentType]


async def test_a_mark_is_never_moved_back(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for text in ("uno", "dos", "tres"):
        await world.send(ana, chat, text)
    await world.database.write(lambda tx: posting.mark_read(tx, [(ana, chat, 1)]))
    assert (await world.chat(ana, chat)).read_n == 3
