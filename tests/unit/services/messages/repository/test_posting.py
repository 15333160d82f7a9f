from tests.core import World, new_message_id
from uptc_messenger.database import Transaction
from uptc_messenger.services.messages.repository import posting
from uptc_messenger.services.messages.repository.posting import Key, Posted, Quotable


async def test_messages_are_found_by_chat_and_id_together(world: World):
    ana = await world.user("ana")
    one, other = await world.group(ana), await world.group(ana)
    said = await world.say(ana, one, "uno")
    keys: set[Key] = {(one, said), (other, said), (one, new_message_id())}

    def look(tx: Transaction, replied: set[Key]) -> tuple[dict[Key, Posted], dict[Key, Quotable]]:
        asked = posting.asked(keys, replied)
        return posting.found([tx.look_up(*each) for each in asked])

    found, bodies = await world.database.write(lambda tx: look(tx, set(keys)))
    assert set(found) == set(bodies) == {(one, said)}
    assert (found[one, said].seq, found[one, said].sender_id) == (1, ana)
    assert bodies[one, said].body == {"text": "uno"}
    assert (await world.database.write(lambda tx: look(tx, set())))[1] == {}


async def test_a_mark_is_never_moved_back(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    for text in ("uno", "dos", "tres"):
        await world.send(ana, chat, text)
    await world.database.write(lambda tx: tx.write(posting._READ, [mark(ana, chat, 1)]))
    assert (await world.chat(ana, chat)).read_n == 3


def mark(user: str, chat: str, n: int) -> dict[str, object]:
    return {"user_id": user, "chat_id": chat, "read_n": n}
