from pathlib import Path

import pytest

from tests import media
from tests.core import World, world
from tests.library import Library
from uptc_messenger.services.files import comparing
from uptc_messenger.services.files.comparing import YOUNG_MS, Compared, compare, listed, lost, still
from uptc_messenger.services.files.store_obstore import FolderStore
from uptc_messenger.toolkit.clock import wall_clock

__all__ = ["world"]
STRAY = f"ab/ab{'0' * 30}/{'1' * 16}"


@pytest.fixture
def library(world: World, tmp_path: Path) -> Library:
    return Library(world, tmp_path, part_bytes=65_536)


async def found(library: Library, later_ms: int = 2 * YOUNG_MS) -> Compared:
    there = await listed(library.files.store)
    return await library.world.database.scan(compare(there, wall_clock() + later_ms))


async def test_what_is_named_and_there_is_well(library: Library):
    ana = await library.world.user("ana")
    await library.put(ana, media.picture(size=(900, 600)))
    await library.reserve(ana, 10)
    well = await found(library)
    assert well.objects > 1, "a picture has smaller ones"
    assert (well.lacking, well.left, well.is_foreign) == ([], [], False)


async def test_a_file_that_lacks_bytes_is_named_for_as_long_as_it_is_there(library: Library):
    ana = await library.world.user("ana")
    whole = await library.put(ana, b"hola")
    cut = await library.put(ana, b"adios")
    gone = await library.put(ana, b"nunca")
    for path in (library.folder).rglob("*"):
        if path.is_file() and path.read_bytes() == b"adios":
            path.write_bytes(b"adi")
        elif path.is_file() and path.read_bytes() == b"nunca":
            path.unlink()
    lacking = (await found(library)).lacking
    assert {one.file_id for one in lacking} == {cut.file_id, gone.file_id}
    missing = await lost(library.files.store, lacking)
    scan = library.world.database.scan
    assert await scan(still(missing)) == sorted([cut.file_id, gone.file_id])
    await library.files.intake.cancel(ana, gone.file_id)
    await library.files.collector.collect()
    assert await scan(still(missing)) == [cut.file_id]
    assert whole.file_id not in {one.file_id for one in missing}


async def test_an_object_that_came_after_the_listing_is_not_missing(library: Library):
    ana = await library.world.user("ana")
    before = await listed(library.files.store)
    await library.put(ana, b"hola")
    seen = await library.world.database.scan(compare(before, wall_clock()))
    assert len(seen.lacking) == 1
    assert await lost(library.files.store, seen.lacking) == []


async def test_what_no_row_names_is_left_once_it_is_old(library: Library):
    ana = await library.world.user("ana")
    await library.put(ana, b"hola")
    store = library.files.store
    await store.put(STRAY, b"stray")
    (library.folder / f"{STRAY}.partial").write_bytes(b"half")
    await store.put("doctor/1", b"of somebody else")
    assert (await found(library, 0)).left == []
    assert {one.name for one in (await found(library)).left} == {STRAY, f"{STRAY}.partial"}
    await store.delete([one.name for one in (await found(library)).left])
    assert (await found(library)).left == []


async def test_a_store_of_others_is_told_from_ours(library: Library, tmp_path: Path):
    ana = await library.world.user("ana")
    other = FolderStore(tmp_path / "other")
    await other.put(STRAY, b"theirs")
    there = await listed(other)
    assert (await library.world.database.scan(compare(there, 2 * wall_clock()))).is_foreign
    await library.put(ana, b"hola")
    assert (await library.world.database.scan(compare(there, 2 * wall_clock()))).is_foreign
    assert comparing.NAME.fullmatch(STRAY)
