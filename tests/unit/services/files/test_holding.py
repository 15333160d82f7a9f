import pytest

from tests import media
from tests.library import Library
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services.files import holding, repository


async def test_a_release_of_the_last_use_is_the_end(library: Library):
    ana = await library.world.user("ana")
    file_id = (await library.put(ana, b"hola")).file_id
    write = library.world.database.write
    await write(lambda tx: holding.use(tx, [file_id, file_id]))
    for state in ("ready", "doomed"):
        await write(lambda tx: holding.release(tx, [file_id]))
        row = await library.world.database.read(lambda r: repository.by_id(r, file_id))
        assert row is not None
        assert row.state == state


async def test_somebody_elses_picture_or_one_in_use_is_not_taken(library: Library):
    ana, luis = await library.world.users("ana", "luis")
    file_id = (await library.put(ana, media.picture(), purpose="picture")).file_id
    plain = (await library.put(ana, media.picture())).file_id
    write = library.world.database.write
    for owner, wanted in ((luis, file_id), (ana, plain)):
        with pytest.raises(NotFound):
            await write(lambda tx, o=owner, w=wanted: holding.change_picture(tx, o, o, (None, w)))
    await write(lambda tx: holding.change_picture(tx, ana, ana, (None, file_id)))
    with pytest.raises(NotFound):
        await write(lambda tx: holding.change_picture(tx, ana, ana, (None, file_id)))
