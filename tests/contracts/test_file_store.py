"""Every store keeps the same promises."""

import asyncio
import os
from pathlib import Path

import pytest

from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.store import Lost, Store
from uptc_messenger.services.files.store_obstore import open_store
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.ids import uuid7

MINUTE_MS = 60_000
BUCKET = os.environ.get("UPTC_TEST_BUCKET", "")
"""Address of a bucket, such as s3://test, whose server and keys AWS_… name."""


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "bucket" and not BUCKET:
        pytest.skip("UPTC_TEST_BUCKET names none")
    url = {
        "folder": f"{tmp_path}/files",
        "memory": "memory://",
        "bucket": f"{BUCKET}/{uuid7()}",
    }[request.param]
    return open_store(FilesConfig(url=url), tmp_path)


async def read(store: Store, name: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in store.read(name, start, end)])


async def test_what_is_put_is_read_whole_and_in_part(store: Store):
    data = bytes(range(256)) * 4_096
    await store.put("ab/abc/1", data)
    assert await read(store, "ab/abc/1", 0, len(data)) == data
    assert await read(store, "ab/abc/1", 1_000, 1_010) == data[1_000:1_010]


async def test_a_file_is_put_without_being_read_whole(store: Store, tmp_path: Path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * 20_000_000)
    await store.put_file("ab/abc/1", str(path))
    assert await read(store, "ab/abc/1", 19_999_990, 20_000_000) == b"x" * 10


async def test_a_draft_is_stored_when_all_of_it_is_written(store: Store):
    """Whoever wrote a piece may use its memory again."""
    memory = bytearray(b"hola")
    async with store.draft("ab/abc/1") as draft:
        await asyncio.to_thread(draft.write, memoryview(memory))
        memory[:] = b" a t"
        await asyncio.to_thread(draft.write, memoryview(memory))
    assert await read(store, "ab/abc/1", 0, 8) == b"hola a t"


async def test_a_draft_that_is_given_up_leaves_nothing(store: Store):
    async def give_up() -> None:
        async with store.draft("ab/abc/1") as draft:
            await asyncio.to_thread(draft.write, memoryview(b"hola"))
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await give_up()
    assert await store.names("ab/abc") == []
    assert [one async for one in store.listed()] == []


async def test_the_same_name_again_replaces(store: Store):
    await store.put("ab/abc/1", b"one")
    await store.put("ab/abc/1", b"other")
    assert await read(store, "ab/abc/1", 0, 5) == b"other"


async def test_all_there_is_is_listed(store: Store):
    assert [one async for one in store.listed()] == []
    before = wall_clock()
    for name, data in (("ab/abc/1", b"x"), ("cd/cde/2", b"yy")):
        await store.put(name, data)
    found = {one.name: one async for one in store.listed()}
    assert {name: one.size for name, one in found.items()} == {"ab/abc/1": 1, "cd/cde/2": 2}
    assert all(abs(one.at - before) < MINUTE_MS for one in found.values())


async def test_names_below_a_prefix_and_no_others(store: Store):
    for name in ("ab/abc/1", "ab/abc/2", "ab/abcd/3"):
        await store.put(name, b"x")
    assert sorted(await store.names("ab/abc")) == ["ab/abc/1", "ab/abc/2"]
    await store.delete(["ab/abc/1", "ab/abc/2", "ab/abc/never"])
    assert await store.names("ab/abc") == []
    assert await store.names("ab/abcd") == ["ab/abcd/3"]


@pytest.mark.parametrize(("start", "end"), [(0, 5), (3, 4), (100, 200)])
async def test_bytes_that_are_not_there_are_lost(store: Store, start: int, end: int):
    await store.put("ab/abc/1", b"abc")
    with pytest.raises(Lost):
        await read(store, "ab/abc/1", start, end)
    with pytest.raises(Lost):
        await read(store, "ab/abc/never", 0, 1)


async def test_many_at_once(store: Store):
    names = [f"ab/abc/{number}" for number in range(50)]
    await asyncio.gather(*(store.put(name, name.encode()) for name in names))
    found = await asyncio.gather(*(read(store, name, 0, len(name)) for name in names))
    assert [each.decode() for each in found] == names
