from tests.core import World
from uptc_messenger.services.chats import editing
from uptc_messenger.services.messages import indexing


async def test_a_stretch_has_what_changed_as_it_is_now(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, text) for text in ("uno", "dos", "tres")]
    await world.edit(ana, (chat, said[0]), "otro")
    await world.delete(ana, (chat, said[1]))
    await world.react(ana, (chat, said[2]), "👍")
    first = await world.database.read(lambda r: indexing.stretch(r, chat, 0, 3))
    assert first is not None
    assert [one.text for one in first.said] == ["otro", None, "tres"]
    assert (first.to_seq, first.more) == (3, True)
    rest = await world.database.read(lambda r: indexing.stretch(r, chat, 3, 99))
    assert rest is not None
    assert [(one.seq, one.text) for one in rest.said] == [(1, "otro"), (2, None)]
    assert (rest.to_seq, rest.more) == (6, False)
    end = await world.database.read(lambda r: indexing.stretch(r, chat, 6, 99))
    assert end == indexing.Stretch(to_seq=6, said=[], more=False)
    rows = await world.database.read(lambda r: indexing.rows_of(r, {(chat, 1), (chat, 2)}))
    assert {place: indexing.text_of(row) for place, row in rows.items()} == {(chat, 1): "otro"}
    await world.as_holder(ana, chat, editing.delete)
    assert await world.database.read(lambda r: indexing.stretch(r, chat, 0, 3)) is None
