import pytest

from tests.core import refused, until
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
        assert await refused(library.files.collector.collect()) == "unavailable"
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
