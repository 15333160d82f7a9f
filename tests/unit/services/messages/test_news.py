from tests.core import World
from uptc_messenger.services.messages import news


async def test_the_oldest_or_the_newest_of_what_is_still_there(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    said = [await world.say(ana, chat, f"@luis {number}") for number in range(4)]
    await world.delete(ana, (chat, said[3]))
    oldest = await world.database.read(lambda r: news.between(r, chat, 0, 10, 2))
    newest = await world.database.read(lambda r: news.newest(r, chat, 4, 2))
    assert [one.text for one in oldest] == ["@luis 0", "@luis 1"]
    assert [one.text for one in newest] == ["@luis 2"]
    assert oldest[0].called == (luis,)
    assert (oldest[0].seq, oldest[0].n, oldest[0].sender_id) == (1, 1, ana)
    assert await world.database.read(lambda r: news.between(r, chat, 4, 4, 5)) == []


async def test_back_to_the_beginning_in_parts(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, f"{number}") for number in range(5)]
    await world.delete(ana, (chat, said[3]))
    upto: int | None = 100
    parts: list[list[str]] = []
    while upto is not None:
        part, upto = await world.database.read(lambda r, upto=upto: news.back(r, chat, upto, 2))
        parts.append([one.text for one in part])
    assert [one for part in reversed(parts) for one in part] == ["0", "1", "2", "4"]
    assert all(len(part) <= 2 for part in parts)


async def test_single_ones_that_are_still_there(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, f"{number}") for number in range(3)]
    await world.delete(ana, (chat, said[0]))
    found = await world.database.read(lambda r: news.at(r, chat, [3, 1, 2, 77]))
    assert [one.text for one in found] == ["1", "2"]
    assert await world.database.read(lambda r: news.at(r, chat, [])) == []
