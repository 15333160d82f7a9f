import pytest

from tests import media
from tests.library import Library
from uptc_messenger.models.errors import TooLarge
from uptc_messenger.services.files import presenting, uploads
from uptc_messenger.services.files.hosting import SERVER


async def test_a_picture_is_kept_small_and_by_nobody(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.files.hosting.keep(media.picture("PNG", (960, 960)), " Un\u202e perro ")
    assert file_id is not None
    shown = await library.world.database.read(lambda r: presenting.shown(r, [file_id]))
    file = shown[file_id]
    assert (file.type, file.kind, file.width, file.height) == ("image/webp", "image", 480, 480)
    assert (file.alt, file.variants) == ("Un perro", [])
    assert await library.files.hosting.is_there(file_id)
    (kept,) = library.objects
    assert file.size == kept.stat().st_size
    usage = await library.files.intake.usage(ana)
    assert usage.used_bytes == 0


async def test_one_that_lies_on_its_side_is_turned(library: Library):
    await library.files.hosting.keep(media.picture("JPEG", (80, 40), orientation=6))
    assert media.opened(library.objects[0].read_bytes()).size == (40, 80)


@pytest.mark.parametrize("data", [b"", b"<svg/>", media.pdf(), media.bomb()])
async def test_what_is_none_is_not_kept(library: Library, data: bytes):
    assert await library.files.hosting.keep(data) is None
    assert library.objects == []


async def test_what_nothing_uses_goes(library: Library):
    file_id = await library.files.hosting.keep(media.picture())
    assert file_id is not None
    library.world.clock.now += 25 * 3_600_000
    await library.files.collector.collect()
    assert not await library.files.hosting.is_there(file_id)
    assert library.objects == []


async def test_the_room_of_the_server_is_for_it_too(library: Library):
    tight = Library(library.world, library.folder.parent, server_bytes=10, user_bytes=1)
    with pytest.raises(TooLarge, match="no room"):
        await tight.files.hosting.keep(media.picture())
    poor = Library(library.world, library.folder.parent, user_bytes=1)
    assert await poor.files.hosting.keep(media.picture()) is not None
    stored = await library.world.database.read(
        lambda r: uploads.usage(r, SERVER, library.config).used_bytes
    )
    assert stored > 1
