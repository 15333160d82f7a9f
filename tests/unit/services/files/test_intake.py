from pathlib import Path
from typing import Any

import pytest

from tests import media
from tests.core import World, refused
from tests.library import Library
from uptc_messenger.models.errors import Conflict
from uptc_messenger.services.files.examining import Examiner
from uptc_messenger.services.files.store import StoreFull
from uptc_messenger.services.files.store_obstore import FolderStore
from uptc_messenger.services.files.uploads import Settled


async def test_another_node_goes_on_where_one_began(library: Library, tmp_path: Path):
    """It has not the hash of what came in elsewhere, and reads it."""
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    await library.files.intake.put_part(ana, file_id, 0, b"ho")
    other = Library(library.world, tmp_path)
    await other.files.intake.put_part(ana, file_id, 2, b"la")
    assert (await other.complete(ana, file_id, b"hola")).size == 4


async def test_damage_in_the_store_is_found_by_who_has_to_read_it(library: Library, tmp_path: Path):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    await library.files.intake.put_part(ana, file_id, 0, b"hola")
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

    async def full(store: FolderStore, name: str, data: bytes) -> None:
        raise StoreFull

    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "put", full)
        assert await refused(intake.put_part(ana, file_id, 0, b"hola")) == "unavailable"
    assert (await intake.state(ana, file_id)).offset == 0
    await intake.put_part(ana, file_id, 0, b"hola")
    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "put_file", full)
        assert (await library.complete(ana, file_id, b"hola")).size == 4


async def test_a_preview_that_finds_no_room_is_tried_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ana = await library.world.user("ana")
    data = media.picture()
    file_id = await library.reserve(ana, len(data))
    await library.files.intake.put_part(ana, file_id, 0, data)

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
    assert await intake.expects(ana, file_id, 0) == 65_536
    await intake.put_part(ana, file_id, 0, b"x" * 65_536)
    assert await intake.expects(ana, file_id, 65_536) == 4_464
    assert await refused(intake.expects(ana, file_id, 65_537)) == "conflict"


async def test_a_wrong_end_takes_nothing_from_who_was_first(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Another node has just made a file of the same parts."""
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    await library.files.intake.put_part(ana, file_id, 0, b"hola")
    other = Library(library.world, tmp_path)
    examine = Examiner.examine

    async def overtaken(*told: Any, **more: Any) -> Settled:
        monkeypatch.undo()
        await library.complete(ana, file_id, b"hola")
        return await examine(*told, **more)

    monkeypatch.setattr(Examiner, "examine", overtaken)
    done = await other.complete(ana, file_id, b"hole")
    assert (done.size, [path.read_bytes() for path in library.objects]) == (4, [b"hola"])
