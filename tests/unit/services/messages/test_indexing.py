from tests.core import World
from uptc_messenger.models.base import Seq
from uptc_messenger.models.frames import Head
from uptc_messenger.services.messages import indexing


async def test_a_stretch_has_what_changed_as_it_is_now(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, text) for text in ("uno", "dos", "tres")]
    await world.edit(ana, (chat, said[0]), "otro")
    await world.delete(ana, (chat, said[1]))
    await world.react(ana, (chat, said[2]), "👍")

    async def stretch(after: Seq, limit: int) -> indexing.Stretch:
        head = Head(chat_id=chat, seq=6, n=3)
        return await world.database.read(lambda r: indexing.stretch(r, head, after, limit))

    first = await stretch(0, 3)
    assert [one.text for one in first.said] == ["otro", None, "tres"]
    assert (first.to_seq, first.more) == (3, True)
    rest = await stretch(3, 99)
    assert [(one.seq, one.text) for one in rest.said] == [(1, "otro"), (2, None)]
    assert (rest.to_seq, rest.more) == (6, False)
    assert await stretch(6, 99) == indexing.Stretch(to_seq=6, said=[], more=False)
    rows = await world.database.read(lambda r: indexing.rows_of(r, {(chat, 1), (chat, 2)}))
    texts = await world.database.read(lambda r: indexing.texts_of(r, list(rows.values())))
    assert texts == {(chat, 1): "otro"}
