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
