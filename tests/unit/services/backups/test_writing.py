from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.core import World, ignore
from tests.library import Library
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.installation import identify
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.services.backups import archive, files, writing
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.writing import Made, back_up


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def make(world: World, path: Path) -> Made:
    return await back_up(DatabaseConfig(url=world.url), path, ignore)


async def test_it_is_whole_and_private_and_says_what_it_holds(world: World, tmp_path: Path):
    identity = await identify(world.database)
    ana = await world.user("ana")
    await world.say(ana, await world.group(ana), "hola")
    made = await make(world, tmp_path / "a.gz")
    assert (made.chats, made.installation_id) == (1, identity.installation_id)
    assert made.size == (tmp_path / "a.gz").stat().st_size
    assert (tmp_path / "a.gz").stat().st_mode & 0o777 == 0o600
    lines = list(archive.read_lines(tmp_path / "a.gz"))
    assert b"hola" in b"".join(lines)
    assert sum(line.startswith(b"[") for line in lines) == made.rows
    assert [name for name in names(tmp_path) if "partial" in name] == []


async def test_progress_is_told(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "_STEP", 2)
    await world.users("ana", "ben", "cleo", "dora", "eva")
    told: list[tuple[str, int]] = []
    config = DatabaseConfig(url=world.url)
    await back_up(config, tmp_path / "a.gz", lambda table, rows: told.append((table, rows)))
    assert [at for at in told if at[0] == "users"] == [("users", 2), ("users", 4)]


async def test_an_older_backup_is_replaced_and_nothing_else(world: World, tmp_path: Path):
    first = await make(world, tmp_path / "a.gz")
    await world.user("ana")
    assert (await make(world, tmp_path / "a.gz")).rows > first.rows
    with pytest.raises(BackupError, match="something else"):
        await make(world, tmp_path / "uptc.db")
    assert await world.user("ben")


async def test_where_it_cannot_be_written_is_said(world: World, tmp_path: Path):
    with pytest.raises(BackupError, match="No such file or directory"):
        await make(world, tmp_path / "nowhere" / "a.gz")


async def test_a_backup_of_nothing_leaves_nothing(tmp_path: Path):
    with pytest.raises(SchemaError):
        await back_up(
            DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"), tmp_path / "a.gz", ignore
        )
    assert names(tmp_path) == []


async def test_another_rotation_takes_nothing_from_a_backup_that_is_being_written(
    world: World, tmp_path: Path
):
    library = Library(world, tmp_path)
    await library.put(await world.user("ana"), b"hola")
    swept: list[int] = []
    copy = files.copy

    def copied(objects: Iterable[str], source: Path, target: Path) -> None:
        copy(objects, source, target)
        swept.append(files.sweep(tmp_path))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "copy", copied)
        await back_up(DatabaseConfig(url=world.url), tmp_path / "a.gz", ignore, library.folder)
    assert (swept, len([name for name in names(tmp_path) if name.endswith(".files")])) == (
        [0, 0],
        1,
    )
    assert files.sweep(tmp_path) == 0


async def test_a_folder_that_is_not_there_is_not_made(world: World, tmp_path: Path):
    library = Library(world, tmp_path)
    path = tmp_path / "nowhere" / "a.gz"
    with pytest.raises(BackupError, match="no such folder"):
        await back_up(DatabaseConfig(url=world.url), path, ignore, library.folder)
    assert "nowhere" not in names(tmp_path)
