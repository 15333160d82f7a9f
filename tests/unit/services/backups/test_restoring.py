import asyncio
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.core import World, ignore, installed
from tests.library import Library
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.installation import Installation, identify
from uptc_messenger.database.schema import sessions
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.backups import files
from uptc_messenger.services.backups.archive import BackupError, Writer, read_lines
from uptc_messenger.services.backups.restoring import Wishes, restore, verify
from uptc_messenger.services.backups.writing import back_up

_COUNT_SESSIONS = sa.select(sa.func.count()).select_from(sessions)


async def backed_up(world: World, path: Path) -> tuple[UserId, ChatId, Installation]:
    """A backup of a chat with two messages, after which a third was written."""
    identity = await identify(world.database)
    ana = await world.user("ana")
    chat_id = await world.group(ana)
    first = await world.say(ana, chat_id, "uno")
    await world.say(ana, chat_id, "dos")
    await world.react(ana, (chat_id, first), "👍")
    await back_up(DatabaseConfig(url=world.url), path, ignore)
    await world.say(ana, chat_id, "tres")
    return ana, chat_id, identity


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def forced(backup: Path, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uptc_messenger", "restore", "--force", str(backup)]
    return subprocess.run(
        [*command, "--data", str(data)], capture_output=True, text=True, check=False
    )


def at(folder: Path) -> DatabaseConfig:
    return DatabaseConfig(url=f"sqlite:///{folder}/uptc.db")


async def test_it_is_restored_with_another_epoch_and_lived_in(world: World, tmp_path: Path):
    ana, chat_id, old = await backed_up(world, tmp_path / "a.gz")
    place = at(tmp_path / "new")
    done = await restore(tmp_path / "a.gz", place, Wishes())
    assert (done.kept, done.proof.messages, done.proof.chats) == (None, 2, 1)
    async with installed(place.url) as restored:
        new = await identify(restored.database)
        assert new.log_epoch != old.log_epoch
        assert (new.installation_id, new.sync_key) == (old.installation_id, old.sync_key)
        assert await restored.texts(ana, chat_id) == ["uno", "dos"]
        await restored.say(ana, chat_id, "otro tres")
        assert [event.seq for event in await restored.events(ana, chat_id)] == [1, 2, 3, 4]


async def test_verifying_changes_nothing_and_leaves_nothing(world: World, tmp_path: Path):
    await backed_up(world, tmp_path / "a.gz")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    proof = await verify(tmp_path / "a.gz", scratch)
    assert (proof.messages, proof.chats) == (2, 1)
    assert names(scratch) == []


async def test_an_installation_is_replaced_only_when_that_is_asked_for(
    world: World, tmp_path: Path
):
    await backed_up(world, tmp_path / "a.gz")
    mine, other = at(tmp_path / "mine"), at(tmp_path / "other")
    await restore(tmp_path / "a.gz", mine, Wishes())
    with pytest.raises(BackupError, match=r"backup is of this installation; --force"):
        await restore(tmp_path / "a.gz", mine, Wishes())
    async with installed(other.url) as there:
        await identify(there.database)
    before = (tmp_path / "other" / "uptc.db").read_bytes()
    with pytest.raises(BackupError, match="backup is of ANOTHER installation"):
        await restore(tmp_path / "a.gz", other, Wishes())
    assert (tmp_path / "other" / "uptc.db").read_bytes() == before
    done = await restore(tmp_path / "a.gz", other, Wishes(force=True))
    assert done.kept is not None
    async with installed(f"sqlite:///{done.kept}") as kept:
        assert await kept.database.ping() is None


async def test_a_damaged_database_is_kept_beside(world: World, tmp_path: Path):
    ana, chat_id, _ = await backed_up(world, tmp_path / "a.gz")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "uptc.db").write_bytes(b"\0damaged\0" * 5_000)
    place = at(tmp_path / "bad")
    with pytest.raises(BackupError, match="cannot be read; --force"):
        await restore(tmp_path / "a.gz", place, Wishes())
    done = await restore(tmp_path / "a.gz", place, Wishes(force=True))
    assert done.kept is not None
    assert await asyncio.to_thread(Path(done.kept).read_bytes) == b"\0damaged\0" * 5_000
    async with installed(place.url) as restored:
        assert await restored.texts(ana, chat_id) == ["uno", "dos"]


async def test_a_server_that_runs_keeps_its_database(world: World, tmp_path: Path):
    ana, chat_id, _ = await backed_up(world, tmp_path / "a.gz")
    # Its connections are of this process, and locks are between processes: as the command does.
    done = await asyncio.to_thread(forced, tmp_path / "a.gz", tmp_path)
    assert done.returncode == 1
    assert "is in use: stop the server" in done.stderr
    assert await world.texts(ana, chat_id) == ["uno", "dos", "tres"]
    assert [name for name in names(tmp_path) if "before" in name or "restoring" in name] == []


async def test_everybody_logs_in_again_where_that_is_wished(world: World, tmp_path: Path):
    await backed_up(world, tmp_path / "a.gz")
    await restore(tmp_path / "a.gz", at(tmp_path / "new"), Wishes(end_sessions=True))
    async with installed(at(tmp_path / "new").url) as restored:
        assert await restored.database.read(lambda r: r.value(_COUNT_SESSIONS)) == 0


@dataclass(frozen=True)
class Altered:
    """A backup with a file beside it that has its size still, and another byte."""

    path: Path
    object: Path
    content: bytes


@pytest.fixture
async def flipped(world: World, tmp_path: Path) -> Altered:
    library = Library(world, tmp_path)
    await library.put(await world.user("ana"), b"hola a todas")
    folder = tmp_path / "backups"
    folder.mkdir()
    await back_up(DatabaseConfig(url=world.url), folder / "a.gz", ignore, library.folder)
    [found] = [path for path in (folder / files.POOL).glob("*/*/*") if path.is_file()]
    found.unlink()  # it is a link to the one of the server
    found.write_bytes(b"hola a todos")
    return Altered(folder / "a.gz", found, b"hola a todas")


async def test_a_damaged_file_is_not_restored_and_nothing_is_changed(
    flipped: Altered, tmp_path: Path
):
    place, folder = tmp_path / "new", tmp_path / "new" / "files"
    place.mkdir()
    wishes = Wishes(files=str(folder))
    with pytest.raises(BackupError, match="is damaged"):
        await verify(flipped.path)
    with pytest.raises(BackupError, match=r"A file in .+ is damaged\. Use another copy"):
        await restore(flipped.path, at(place), wishes)
    assert names(place) == []
    flipped.object.write_bytes(flipped.content)
    assert (await restore(flipped.path, at(place), wishes)).proof.files == 1
    [there] = [path for path in folder.glob("*/*/*") if path.is_file()]
    assert there.read_bytes() == flipped.content


async def test_without_files_a_damaged_one_is_no_hindrance(flipped: Altered, tmp_path: Path):
    await restore(flipped.path, at(tmp_path / "new"), Wishes())
    assert names(tmp_path / "new") == ["uptc.db"]


async def test_a_missing_file_is_told_before_the_work_begins(flipped: Altered, tmp_path: Path):
    flipped.object.unlink()
    with pytest.raises(BackupError, match="1 of 1 parts of files are not in"):
        await restore(flipped.path, at(tmp_path / "new"), Wishes(files=str(tmp_path / "f")))
    assert not (tmp_path / "new").exists()


def altered(source: Path, target: Path, old: bytes, new: bytes) -> None:
    """A backup with a good seal, and something else in it."""
    with target.open("wb") as file:
        writer = Writer(file)
        for line in read_lines(source):
            writer.write(line.replace(old, new))
        writer.close()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b'"text":"dos"', b'"text":"DOS"', "the table messages differs"),
        (b'"last_n":2', b'"last_n":3', "1 chats differ"),
        (b'"line":"end"', b'"line":"start"', "cannot be read"),
        (b'{"line":"table","name":"messages"}', b'{"line":"table","name":"nothing"}', "be read"),
        (b'"line":"end"', b'"line":"table","name":"users"', "cannot be read"),
        (b'"form":1', b'"form":2', "is newer than this"),
        (b'"schema":"', b'"schema":"99', "is newer than this"),
    ],
)
async def test_what_does_not_hold_what_it_says_is_not_restored(
    world: World, tmp_path: Path, old: bytes, new: bytes, sentence: str
):
    await backed_up(world, tmp_path / "a.gz")
    altered(tmp_path / "a.gz", tmp_path / "b.gz", old, new)
    place = tmp_path / "new"
    place.mkdir()
    with pytest.raises(BackupError, match=sentence):
        await verify(tmp_path / "b.gz", place)
    with pytest.raises(BackupError, match=sentence):
        await restore(tmp_path / "b.gz", at(place), Wishes())
    assert names(place) == []


async def test_a_backup_without_its_end_is_refused(world: World, tmp_path: Path):
    await backed_up(world, tmp_path / "a.gz")
    with (tmp_path / "b.gz").open("wb") as file:
        writer = Writer(file)
        for line in read_lines(tmp_path / "a.gz"):
            if not line.startswith(b'{"line":"end"'):
                writer.write(line)
        writer.close()
    with pytest.raises(BackupError, match="has no end"):
        await verify(tmp_path / "b.gz")


async def test_a_place_that_cannot_be_written_is_said(world: World, tmp_path: Path):
    await backed_up(world, tmp_path / "a.gz")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupError, match="Nothing was changed"):
        await restore(tmp_path / "a.gz", at(tmp_path / "file"), Wishes())
    with pytest.raises(BackupError, match="no scratch folder"):
        await verify(tmp_path / "a.gz", tmp_path / "nowhere")
