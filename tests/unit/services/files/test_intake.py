import errno
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore

from tests import media
from tests.core import World, refused
from tests.library import Library, Piecemeal
from uptc_messenger.models.errors import BadRequest, Conflict
from uptc_messenger.services.files.examining import Examiner
from uptc_messenger.services.files.receiving import ROOM
from uptc_messenger.services.files.store import Draft, StoreFull
from uptc_messenger.services.files.store_obstore import FolderStore, ObjectsStore
from uptc_messenger.services.files.uploads import SMALLEST, Settled
from uptc_messenger.services.files.writing import Written


async def test_another_node_goes_on_where_one_began(library: Library, tmp_path: Path):
    """It has not the hash of what came in elsewhere, and reads it."""
    ana = await library.world.user("ana")
    data = b"x" * SMALLEST + b"la"
    file_id = await library.reserve(ana, len(data))
    await library.part(ana, file_id, data[:SMALLEST])
    other = Library(library.world, tmp_path)
    await other.part(ana, file_id, b"la", SMALLEST)
    assert (await other.complete(ana, file_id, data)).size == len(data)


async def test_damage_in_the_store_is_found_by_who_has_to_read_it(library: Library, tmp_path: Path):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    await library.part(ana, file_id, b"hola")
    library.objects[0].write_bytes(b"hole")
    other = Library(library.world, tmp_path)
    with pytest.raises(Conflict) as caught:
        await other.complete(ana, file_id, b"hola")
    assert caught.value.details == {"reason": "hash_mismatch", "offset": "0"}
    assert library.objects == []


async def test_a_full_disk_stores_nothing_and_the_same_part_comes_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    intake = library.files.intake

    def no_room(written: Written, data: memoryview) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def full(store: FolderStore, name: str, path: str) -> None:
        raise StoreFull

    with monkeypatch.context() as broken:
        broken.setattr(Written, "write", no_room)
        assert await refused(library.part(ana, file_id, b"hola")) == "unavailable"
    assert library.objects == []
    assert (await intake.state(ana, file_id)).offset == 0
    await library.part(ana, file_id, b"hola")
    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "put_file", full)
        assert (await library.complete(ana, file_id, b"hola")).size == 4


async def test_a_preview_that_finds_no_room_is_tried_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ana = await library.world.user("ana")
    data = media.picture()
    file_id = await library.reserve(ana, len(data))
    await library.part(ana, file_id, data)

    async def full(store: FolderStore, name: str, path: str) -> None:
        raise StoreFull

    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "put_file", full)
        assert await refused(library.complete(ana, file_id, data)) == "unavailable"
    assert (await library.complete(ana, file_id, data)).kind == "image"
    assert len(library.objects) == 2


async def test_how_much_a_part_may_have(world: World, tmp_path: Path):
    library = Library(world, tmp_path, part_bytes=65_536)
    ana = await world.user("ana")
    file_id = await library.reserve(ana, 70_000)
    intake = library.files.intake
    assert (await intake.expects(ana, file_id, 0)).most == 65_536
    await library.part(ana, file_id, b"x" * 65_536)
    assert (await intake.expects(ana, file_id, 65_536)).most == 4_464
    assert await refused(intake.expects(ana, file_id, 65_537)) == "conflict"


async def test_a_wrong_end_takes_nothing_from_who_was_first(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Another node has just made a file of the same parts."""
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    await library.part(ana, file_id, b"hola")
    other = Library(library.world, tmp_path)
    examine = Examiner.examine

    async def overtaken(*told: Any, **more: Any) -> Settled:
        monkeypatch.undo()
        await library.complete(ana, file_id, b"hola")
        return await examine(*told, **more)

    monkeypatch.setattr(Examiner, "examine", overtaken)
    done = await other.complete(ana, file_id, b"hole")
    assert (done.size, [path.read_bytes() for path in library.objects]) == (4, [b"hola"])


async def test_a_part_that_is_refused_in_the_end_leaves_no_object(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    """Its upload was cancelled while it was being stored."""
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    intake, draft = library.files.intake, FolderStore.draft

    @asynccontextmanager
    async def late(store: FolderStore, name: str) -> AsyncGenerator[Draft]:
        async with draft(store, name) as begun:
            yield begun
        await intake.cancel(ana, file_id)
        await library.files.collector.collect()

    monkeypatch.setattr(FolderStore, "draft", late)
    library.files.collector._store = ObjectsStore(MemoryStore())
    assert await refused(library.part(ana, file_id, b"hola")) == "not_found"
    assert library.objects == []


async def test_a_picture_that_grew_beyond_what_is_allowed_is_gone(world: World, tmp_path: Path):
    """It is written anew where it lies on its side, and may need more bytes than before."""
    ana = await world.user("ana")
    data = media.picture(quality=1, orientation=6)
    for limits in ({"max_bytes": len(data)}, {"user_bytes": len(data)}):
        library = Library(world, tmp_path, **limits)
        assert await refused(library.put(ana, data)) == "too_large"
        assert (await library.files.intake.usage(ana)).used_bytes == 0
    assert (await Library(world, tmp_path).put(ana, data)).size > len(data)


async def test_a_part_that_breaks_off_leaves_nothing_and_comes_again(library: Library):
    """Also the hash is as it was before."""
    ana = await library.world.user("ana")
    data = b"x" * SMALLEST + b"y" * (2 * ROOM + 5)
    file_id = await library.reserve(ana, len(data))
    await library.part(ana, file_id, data[:SMALLEST])
    place = await library.files.intake.expects(ana, file_id, SMALLEST)

    class Broken(Piecemeal):
        async def fill(self, room: memoryview) -> int:
            if not (count := await super().fill(room)):
                raise BadRequest("The request was cut off.")
            return count

    broken = Broken(data[SMALLEST : SMALLEST + 2 * ROOM])
    assert await refused(library.files.intake.put_part(place, broken)) == "bad_request"
    assert len(library.objects) == 1
    await library.part(ana, file_id, data[SMALLEST:], SMALLEST)
    second = max(library.objects, key=lambda path: path.stat().st_size)
    second.write_bytes(second.read_bytes()[:-1] + b"z")  # which nobody has to read again
    assert (await library.complete(ana, file_id, data)).size == len(data)


async def test_a_part_that_is_too_small_leaves_nothing(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, SMALLEST * 2)
    assert await refused(library.part(ana, file_id, b"hola")) == "bad_request"
    assert library.objects == []


async def test_into_a_bucket_parts_are_no_larger_than_memory_is_for(world: World, tmp_path: Path):
    library = Library(world, tmp_path, url="memory://", part_bytes=64 << 20, max_bytes=64 << 20)
    ana = await world.user("ana")
    data = b"x" * ((8 << 20) + 9)
    file_id = await library.reserve(ana, len(data))
    assert library.files.intake.part_bytes == 8 << 20
    assert (await library.files.intake.expects(ana, file_id, 0)).most == 8 << 20
    await library.part(ana, file_id, data[: 8 << 20])
    await library.part(ana, file_id, data[8 << 20 :], 8 << 20)
    assert (await library.complete(ana, file_id, data)).size == len(data)
