from tests.core import World
from uptc_messenger.services.users import repository


async def test_wildcards_of_a_query_are_letters(world: World):
    await world.users("a_c", "abc", "a.c")
    for word, found in (("a_c", ["a_c"]), ("%", []), ("a%", []), ("a/_", [])):
        rows = await world.database.read(lambda r, w=word: repository.find(r, [w], "", 10))
        assert [row.username for row in rows] == found, word


async def test_nothing_is_asked_for_nobody(world: World):
    assert await world.database.read(lambda r: repository.by_ids(r, [])) == []
    assert await world.database.read(lambda r: repository.ids_by_name(r, [])) == []
    assert await world.database.read(lambda r: repository.last_seen(r, [])) == []
    await world.database.write(lambda tx: repository.seen(tx, [], 5))
