import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest

from uptc_messenger.services.files import store_obstore
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.store import Store, StoreAway, StoreFull
from uptc_messenger.services.files.store_obstore import open_store
from uptc_messenger.toolkit.tasks import TaskGroup


def folder_store(tmp_path: Path) -> Store:
    return open_store(FilesConfig(), tmp_path)


async def test_a_folder_is_for_its_owners_eyes_only(tmp_path: Path):
    store = folder_store(tmp_path)
    await store.put("ab/abc/1", b"x")
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "files" / "ab" / "abc" / "1").read_bytes() == b"x"
    await store.delete(["ab/abc/1"])
    assert not (tmp_path / "files" / "ab" / "abc").exists()


async def test_an_object_is_on_the_disk_with_every_folder_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    synced: list[str] = []

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    monkeypatch.setattr(store_obstore.os, "fsync", note)
    store = folder_store(tmp_path)
    await store.put("ab/abc/1", b"x")
    root = tmp_path / "files"
    above = {str(tmp_path), str(root), str(root / "ab"), str(root / "ab" / "abc")}
    assert set(synced) == {*above, str(root / "ab" / "abc" / "1")}
    synced.clear()
    await store.put("ab/abc/2", b"x")
    assert set(synced) == {str(root / "ab" / "abc"), str(root / "ab" / "abc" / "2")}
    synced.clear()
    await store.put("ab/abd/1", b"x")
    assert set(synced) >= {str(root / "ab"), str(root / "ab" / "abd")}
    assert str(root) not in synced


async def test_a_full_disk_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store_obstore.os, "fsync", full)
    with pytest.raises(StoreFull):
        await folder_store(tmp_path).put("ab/abc/1", b"x")


async def test_a_store_that_is_away(tmp_path: Path):
    store = folder_store(tmp_path)
    (tmp_path / "files" / "ab").write_bytes(b"in the way")
    with pytest.raises(StoreAway):
        await store.put("ab/abc/1", b"x")
    (tmp_path / "in the way").write_bytes(b"")
    with pytest.raises(StoreAway):
        open_store(FilesConfig(url=f"{tmp_path}/in the way"), tmp_path)


async def test_a_bucket_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_REGION": "x",
    }.items():
        monkeypatch.setenv(name, value)
    store = open_store(FilesConfig(url="s3://bucket/files"), tmp_path)
    with pytest.raises(StoreAway) as caught:
        await store.put("ab/abc/1", b"x")
    assert "127.0.0.1" not in caught.value.sentence


async def test_who_stops_reading_before_it_began_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = folder_store(tmp_path)
    await store.put("ab/abc/1", b"x")
    opening, go_on, closed = threading.Event(), threading.Event(), asyncio.Event()
    open_, close = os.open, os.close
    loop, descriptors = asyncio.get_running_loop(), set[int]()

    def slow(path: Path, flags: int) -> int:
        opening.set()
        go_on.wait(30)
        descriptors.add(found := open_(path, flags))
        return found

    def note(descriptor: int) -> None:
        close(descriptor)
        if descriptor in descriptors:
            loop.call_soon_threadsafe(closed.set)

    async def read() -> None:
        await anext(aiter(store.read("ab/abc/1", 0, 1)))

    monkeypatch.setattr(store_obstore.os, "open", slow)
    monkeypatch.setattr(store_obstore.os, "close", note)
    tasks = TaskGroup("test")
    reading = tasks.start("read", read())
    await asyncio.to_thread(opening.wait, 30)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    go_on.set()
    await asyncio.wait_for(closed.wait(), 30)


async def test_a_folder_that_went_with_its_last_object_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its name is on the disk again, too, although it was there before."""
    store, other = folder_store(tmp_path), folder_store(tmp_path)
    await store.put("ab/abc/1", b"x")
    await other.delete(["ab/abc/1"])
    synced: list[str] = []

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))

    monkeypatch.setattr(store_obstore.os, "fsync", note)
    await store.put("ab/abc/2", b"x")
    assert str(tmp_path / "files" / "ab") in synced


async def test_objects_that_come_and_go_under_one_folder(tmp_path: Path):
    """Who deletes the last one takes the folder away that another is just written to."""
    store = folder_store(tmp_path)

    async def one(number: int) -> bytes:
        name = f"ab/abc/{number}"
        await store.put(name, b"x")
        [found] = [piece async for piece in store.read(name, 0, 1)]
        await store.delete([name])
        return found

    for _ in range(10):
        assert await asyncio.gather(*map(one, range(8))) == [b"x"] * 8


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path):
    # Nobody writes there, whoever one is.
    with pytest.raises(StoreAway, match=r"The folder of files, /proc, cannot be written: .+\."):
        open_store(FilesConfig(url="/proc"), tmp_path)


def test_trying_leaves_nothing_behind(tmp_path: Path):
    open_store(FilesConfig(), tmp_path)
    assert list((tmp_path / "files").iterdir()) == []
