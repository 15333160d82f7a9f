from tests.core import World, refused
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.services.messages import reactors
from uptc_messenger.toolkit.clock import rfc3339

Place = tuple[ChatId, MessageId]


async def told(
    world: World, who: UserId, place: Place, emoji: str | None = None
) -> list[tuple[str, str, str]]:
    wanted = reactors.Wanted(emoji=emoji)
    found, end = await world.look(who, place[0], lambda r, m: reactors.page(r, m, place[1], wanted))
    assert end is None
    return [(one.emoji, one.user_id, one.reacted_at) for one in found]


async def test_who_reacted_and_when(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    place = chat, await world.say(ana, chat, "hola")
    assert await told(world, luis, place) == []
    at = rfc3339(world.clock.now)
    await world.react(luis, place, "👍")
    assert await told(world, ana, place) == [("👍", luis, at)]
    await world.react(luis, place, "👍", on=False)
    assert await told(world, ana, place) == []


async def test_one_emoji_in_any_of_its_forms(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    place = chat, await world.say(ana, chat, "hola")
    await world.react(luis, place, "❤️")
    await world.react(ana, place, "👍")
    assert [who for _, who, _ in await told(world, ana, place, "❤")] == [luis]
    assert await told(world, ana, place, "🎉") == []
    assert await refused(told(world, ana, place, "corazón")) == "bad_request"


async def test_a_deleted_message_has_none(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    place = chat, await world.say(ana, chat, "hola")
    await world.react(ana, place, "👍")
    await world.delete(ana, place)
    assert await told(world, ana, place) == []


async def test_who_came_later_finds_no_message_of_before(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana)
    await world.set(chat, ana, SettingsChange(history="joined"))
    place = chat, await world.say(ana, chat, "hola")
    await world.react(ana, place, "👍")
    await world.add(chat, ana, luis)
    assert await refused(told(world, luis, place)) == "not_found"
