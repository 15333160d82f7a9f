import pytest

from tests.core import until
from tests.library import Library
from uptc_messenger.services.files import collecting
from uptc_messenger.services.files.store import StoreAway
from uptc_messenger.services.files.store_obstore import FolderStore
from uptc_messenger.toolkit.tasks import TaskGroup


async def test_what_could_not_be_deleted_is_deleted_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ana = await library.world.user("ana")
    file = await library.put(ana, b"hola")
    await library.files.intake.cancel(ana, file.file_id)

    async def away(store: FolderStore, names: list[str]) -> None:
        raise StoreAway

    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "delete", away)
        await library.files.collector.collect()
    assert len(library.objects) == 1
    await library.files.collector.collect()
    assert library.objects == []


async def test_it_runs_where_it_is_ours_and_outlives_a_store_that_is_away(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(collecting, "EVERY_S", 0.01)
    collector, tasks = library.files.collector, TaskGroup("test")
    ana = await library.world.user("ana")
    file = await library.put(ana, b"hola")
    await library.files.intake.cancel(ana, file.file_id)
    asked = 0

    def ours() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    collector.ours = ours
    tasks.start("files", collector.run())
    await until(lambda: collector.collected == 1)
    assert asked > 3
    await tasks.close()


async def test_one_object_that_cannot_be_deleted_keeps_no_other(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(collecting, "_BATCH", 1)
    ana = await library.world.user("ana")
    for data in (b"stays", b"goes", b"goes, too"):
        file = await library.put(ana, data)
        await library.files.intake.cancel(ana, file.file_id)
    delete = FolderStore.delete

    async def refuse(store: FolderStore, names: list[str]) -> None:
        if b"stays" in [path.read_bytes() for path in library.objects if names[0] in str(path)]:
            raise StoreAway
        await delete(store, names)

    monkeypatch.setattr(FolderStore, "delete", refuse)
    await library.files.collector.collect()
    assert [path.read_bytes() for path in library.objects] == [b"stays"]


async def test_a_store_that_is_away_is_not_asked_for_everything(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    ana = await library.world.user("ana")
    asked = 0

    async def away(store: FolderStore, names: list[str]) -> None:
        nonlocal asked
        asked += 1
        raise StoreAway

    monkeypatch.setattr(FolderStore, "delete", away)
    for _ in range(12):
        await library.files.intake.cancel(ana, await library.reserve(ana, 1))
    await library.files.collector.collect()
    assert asked == 10


async def test_all_that_nobody_uses_is_doomed_in_one_round(
    library: Library, monkeypatch: pytest.MonkeyPatch
):
    """However it is spread over the states, and however many batches it is."""
    monkeypatch.setattr(collecting, "_BATCH", 2)
    ana = await library.world.user("ana")
    for _ in range(7):
        await library.reserve(ana, 1)
    await library.put(ana, b"hola")
    library.world.clock.now += 25 * 3_600_000
    await library.files.collector.collect()
    assert library.files.collector.collected == 8


async def test_what_was_touched_since_it_was_found_stays(library: Library):
    ana = await library.world.user("ana")
    file_id = await library.reserve(ana, 4)
    before = library.world.clock.now
    library.world.clock.now += 1
    await library.part(ana, file_id, b"hola")
    write = library.world.database.write
    assert await write(lambda tx: collecting.doom_stale(tx, [file_id], before + 1)) == 0
    assert await write(lambda tx: collecting.doom_stale(tx, [file_id], before + 2)) == 1
