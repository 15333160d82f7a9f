from tests.library import Library
from uptc_messenger.services.files import repository


async def test_a_file_that_is_used_is_never_doomed(library: Library):
    ana = await library.world.user("ana")
    file_id = (await library.put(ana, b"hola")).file_id
    write = library.world.database.write
    await write(lambda tx: repository.use(tx, [file_id], 1))
    assert not await write(lambda tx: repository.doom(tx, file_id))
    await write(lambda tx: repository.use(tx, [file_id], -1))
    assert await write(lambda tx: repository.doom(tx, file_id))
    assert not await write(lambda tx: repository.doom(tx, file_id))


async def test_only_what_is_doomed_is_removed(library: Library):
    ana = await library.world.user("ana")
    file_id = (await library.put(ana, b"hola")).file_id
    write = library.world.database.write
    assert not await write(lambda tx: repository.remove(tx, file_id))
    await write(lambda tx: repository.doom(tx, file_id))
    assert await write(lambda tx: repository.remove(tx, file_id))
    assert await library.world.database.read(lambda r: repository.parts(r, file_id)) == []


async def test_totals_and_every_file(library: Library):
    ana = await library.world.user("ana")
    await library.put(ana, b"hola")
    await library.reserve(ana, 7)
    read = library.world.database.read
    assert await read(repository.totals) == {"ready": (1, 4), "pending": (1, 7)}
    assert await read(lambda r: [row.size for row in repository.every(r)]) == [4]
    assert await read(repository.all_stored) == 11
