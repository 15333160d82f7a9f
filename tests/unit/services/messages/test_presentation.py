from tests.core import World
from uptc_messenger.models.events import MessageNew
from uptc_messenger.services.messages.presentation import preview


async def test_ones_own_reactions_are_marked_and_a_shared_form_marks_none(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "hola")
    await world.react(luis, (chat, said), "🎉")
    assert [r.mine for r in (await world.page(luis, chat))[0].reactions] == [True]
    assert not (await world.page(ana, chat))[0].reactions[0].mine
    await world.edit(ana, (chat, said), "hola, hola")
    edited = world.told_to_chat(chat)[-1]
    assert '"mine"' not in str(edited)
    assert "mine=UNSET" in str(edited)


async def test_reactions_stand_in_the_order_in_which_they_came(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "hola")
    for emoji in ("🎉", "👍", "❤️"):
        world.clock.now += 1
        await world.react(luis, (chat, said), emoji)
    world.clock.now += 1
    await world.react(ana, (chat, said), "🎉")
    (seen,) = await world.page(ana, chat)
    assert [(r.emoji, r.count) for r in seen.reactions] == [("🎉", 2), ("👍", 1), ("❤️", 1)]


async def test_a_quote_follows_what_it_quotes(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    quoted = await world.say(ana, chat, "uno")
    await world.send(luis, chat, "eso", reply_to=quoted)
    await world.edit(ana, (chat, quoted), "dos")
    reply = (await world.page(luis, chat))[1].reply_to
    assert reply
    assert reply.excerpt == "dos"
    await world.delete(ana, (chat, quoted))
    reply = (await world.page(luis, chat))[1].reply_to
    assert reply
    assert reply.excerpt == ""


async def test_a_long_quote_is_cut(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    quoted = await world.say(ana, chat, "palabra " * 100)
    await world.send(ana, chat, "eso", reply_to=quoted)
    reply = (await world.page(ana, chat))[1].reply_to
    assert reply
    assert 0 < len(reply.excerpt) <= 141


async def test_a_preview_says_what_a_message_says_without_its_marks(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "**hola** a _todos_")
    (told,) = world.told_to_chat(chat)
    assert isinstance(told, MessageNew)
    assert "**" not in preview(told)
    assert "hola a todos" in preview(told)
