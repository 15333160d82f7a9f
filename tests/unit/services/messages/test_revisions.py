from tests.core import World, refused
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.services.messages import revisions
from uptc_messenger.toolkit.clock import rfc3339

Place = tuple[ChatId, MessageId]


async def page(
    world: World, who: UserId, place: Place, before: int | None = None, limit: int = 50
) -> tuple[list[tuple[int, str]], int | None]:
    found, end = await world.look(
        who, place[0], lambda r, m: revisions.page(r, m, place[1], before, limit)
    )
    return [(one.revision, one.body.text) for one in found], end


async def test_every_text_is_there_the_newest_first(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = await world.say(ana, chat, "uno")
    place = chat, said
    assert await page(world, luis, place) == ([(1, "uno")], None)
    begun = world.clock.now
    for text in ("dos", "tres"):
        world.clock.now += 1_000
        await world.edit(ana, place, text)
    assert await page(world, luis, place) == ([(3, "tres"), (2, "dos"), (1, "uno")], None)
    found, _ = await world.look(luis, chat, lambda r, m: revisions.page(r, m, said, None, 50))
    assert [one.written_at for one in found] == [rfc3339(begun + s) for s in (2_000, 1_000, 0)]


async def test_pages(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    place = chat, await world.say(ana, chat, "1")
    for number in range(2, 6):
        await world.edit(ana, place, str(number))
    seen: list[int] = []
    before: int | None = None
    while True:
        found, before = await page(world, ana, place, before, 2)
        assert len(found) <= 2
        seen += [number for number, _ in found]
        if before is None:
            break
    assert seen == [5, 4, 3, 2, 1]


async def test_a_deleted_message_has_none(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    place = chat, await world.say(ana, chat, "uno")
    await world.edit(ana, place, "dos")
    await world.delete(ana, place)
    assert await page(world, ana, place) == ([], None)


async def test_who_came_later_finds_no_message_of_before(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana)
    await world.set(chat, ana, SettingsChange(history="joined"))
    place = chat, await world.say(ana, chat, "uno")
    await world.add(chat, ana, luis)
    assert await refused(page(world, luis, place)) == "not_found"
