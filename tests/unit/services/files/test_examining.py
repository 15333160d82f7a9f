import pytest

from tests import media
from tests.core import refused
from tests.library import Library


@pytest.mark.parametrize(
    ("data", "found", "kind"),
    [
        (media.picture(), "image/jpeg", "image"),
        (media.picture("AVIF"), "image/avif", "image"),
        (media.picture()[:-60], "application/octet-stream", "file"),
        (media.bomb(), "application/octet-stream", "file"),
        (b"\xff\xd8\xff\xe0 not a picture", "application/octet-stream", "file"),
        (b"<svg/onload=alert(1)>", "application/octet-stream", "file"),
        (media.pdf(), "application/pdf", "file"),
        (b"hola", "text/plain", "file"),
    ],
)
async def test_what_an_upload_turns_out_to_be(library: Library, data: bytes, found: str, kind: str):
    ana = await library.world.user("ana")
    file = await library.put(ana, data, name="foto.png")
    assert (file.type, file.kind) == (found, kind)
    if kind == "image":
        assert (file.width, file.height) == (60, 40)
        assert all(media.SECRET not in path.read_bytes() for path in library.objects)
    else:
        assert (file.size, file.variants) == (len(data), [])


async def test_nothing_of_a_portrait_is_kept_but_the_portrait(library: Library):
    ana = await library.world.user("ana")
    file = await library.put(ana, media.picture(), purpose="picture")
    assert sorted(path.stat().st_size for path in library.objects) == sorted(
        [file.size, file.variants[0].size]
    )


async def test_decoders_leave_nothing_behind(library: Library):
    ana = await library.world.user("ana")
    await library.put(ana, media.picture())
    work = library.folder.parent / "decoding"
    assert list(work.iterdir()) == []


async def test_what_is_unfit_is_gone(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4, purpose="picture")
    await library.files.intake.put_part(ana, file_id, 0, b"hola")
    assert await refused(library.complete(ana, file_id, b"hola")) == "bad_request"
    await library.files.collector.collect()
    assert library.objects == []
