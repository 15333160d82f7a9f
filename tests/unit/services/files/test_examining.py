import asyncio
from pathlib import Path

import pytest
from msgspec import UNSET

from tests import media
from tests.core import World, refused, until
from tests.library import Library
from uptc_messenger.services.files.decoding.decoder import Decoders, Ended
from uptc_messenger.services.files.decoding.task import Answer, TaskKind


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
async def test_what_an_upload_turns_out_to_be(
    world: World, tmp_path: Path, data: bytes, found: str, kind: str
):
    library = Library(world, tmp_path, previews="images")
    ana = await world.user("ana")
    file = await library.put(ana, data, name="foto.png")
    assert (file.type, file.kind) == (found, kind)
    if kind == "image":
        assert (file.width, file.height) == (60, 40)
        assert all(media.SECRET not in path.read_bytes() for path in library.objects)
    else:
        assert (file.size, file.variants) == (len(data), [])


async def test_too_many_pixels_are_served_clean_and_only_saved(library: Library):
    ana = await library.world.user("ana")
    file = await library.put(ana, media.large("PNG"))
    assert (file.type, file.kind, file.width) == ("application/octet-stream", "file", UNSET)
    (kept,) = library.objects
    assert media.SECRET not in kept.read_bytes()
    large = await library.put(ana, media.large())
    assert (large.type, large.kind, large.width) == ("image/jpeg", "image", 8_000)
    assert all(media.SECRET not in path.read_bytes() for path in library.objects)


async def test_what_a_decoder_says_nothing_of_is_served_clean(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    """It took too long, or was killed: only what is said about the picture is taken out."""
    asked: list[str] = []
    look = Decoders.look

    async def ended(self: Decoders, kind: TaskKind, media_type: str, folder: Path) -> Answer:
        asked.append(kind)
        if kind != "clean":
            raise Ended
        return await look(self, kind, media_type, folder)

    def any_kind(self: Decoders, kind: TaskKind) -> bool:
        return True

    monkeypatch.setattr(Decoders, "look", ended)
    ana = await library.world.user("ana")
    file = await library.put(ana, media.picture())
    assert (asked, file.type, file.width, file.variants) == (
        ["image", "clean"],
        "image/jpeg",
        60,
        [],
    )
    (kept,) = library.objects
    assert media.SECRET not in kept.read_bytes()
    monkeypatch.setattr(Decoders, "looks_into", any_kind)
    assert (await library.put(ana, media.pdf())).type == "application/pdf"
    assert await refused(library.put(ana, media.picture(), purpose="picture")) == "overloaded"


async def test_who_waits_for_a_decoder_takes_no_room(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    """However many come to their end at once, so many copies are made, and no more."""
    decoders, work = library.files.decoders, library.folder.parent / "decoding"
    held, rooms = asyncio.Event(), list[int]()

    async def look(self: Decoders, kind: TaskKind, media_type: str, folder: Path) -> Answer:
        rooms.append(len(list(work.iterdir())))
        await held.wait()
        return Answer()

    monkeypatch.setattr(Decoders, "look", look)
    ana = await library.world.user("ana")
    data = media.picture()
    most = library.config.decoders + library.config.decoders_waiting
    async with asyncio.TaskGroup() as group:
        for _ in range(most):
            group.create_task(library.put(ana, data))
        await until(lambda: decoders.waiting == most and len(rooms) == library.config.decoders)
        assert await refused(library.put(ana, data)) == "overloaded"
        assert len(list(work.iterdir())) == library.config.decoders
        held.set()
    assert max(rooms) <= library.config.decoders
    assert list(work.iterdir()) == []


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
    await library.part(ana, file_id, b"hola")
    assert await refused(library.complete(ana, file_id, b"hola")) == "bad_request"
    await library.files.collector.collect()
    assert library.objects == []
