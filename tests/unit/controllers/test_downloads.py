from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest

from tests import media
from tests.fakes import ServerTasks, code_of, register
from tests.uploads import complete, content, put, reserve, send, upload
from uptc_messenger.database import Reader
from uptc_messenger.models.base import FileId
from uptc_messenger.services.files import contents
from uptc_messenger.services.files.uploads import Part
from uptc_messenger.toolkit.ids import uuid7


@dataclass
class Group:
    """Ana's group with Ben in it, and Eve outside."""

    chat_id: str
    ben_id: str
    ana: httpx.AsyncClient
    ben: httpx.AsyncClient
    eve: httpx.AsyncClient


@pytest.fixture
async def group(servers: ServerTasks) -> AsyncGenerator[Group, None]:
    server = await servers.start()
    async with server.client() as stranger:
        made = [await register(stranger, name) for name in ("ana", "ben", "eve")]
    stack = AsyncExitStack()
    clients = [server.client(each["token"]) for each in made]
    ana, ben, eve = [await stack.enter_async_context(client) for client in clients]
    ben_id = made[1]["user"]["user_id"]
    wanted = {"kind": "group", "title": "a", "member_ids": [ben_id]}
    chat = await ana.post("/api/v1/chats", json=wanted)
    async with stack:
        yield Group(chat.json()["chat_id"], ben_id, ana, ben, eve)


async def sees(client: httpx.AsyncClient, file: dict[str, str]) -> set[int]:
    """The statuses of every way to a file."""
    paths = [content(file), f"/api/v1/files/{file['file_id']}"]
    paths.append(f"/api/v1/files/{file['file_id']}/variants/thumb")
    answers = [await client.get(path) for path in paths]
    answers += [await client.head(content(file)), await client.head(paths[2])]
    answers.append(await client.get(content(file), headers={"range": "bytes=0-1"}))
    known = {"if-none-match": "*"}
    answers.append(await client.get(content(file), headers=known))
    return {answer.status_code for answer in answers}


async def test_who_reads_the_chat_reads_the_file_as_long_as_that(group: Group):
    file = await upload(group.ana, media.picture())
    assert await sees(group.ben, file) == {404}
    await send(group.ana, group.chat_id, file)
    assert await sees(group.ben, file) == {200, 206, 304}
    assert await sees(group.eve, file) == {404}
    away = await group.ana.delete(f"/api/v1/chats/{group.chat_id}/members/{group.ben_id}")
    assert away.status_code == 204
    assert await sees(group.ben, file) == {404}
    assert await sees(group.ana, file) == {200, 206, 304}


async def test_who_joined_later_sees_no_file_from_before_where_history_is_hidden(group: Group):
    hidden = {"settings": {"history": "joined"}}
    await group.ana.patch(f"/api/v1/chats/{group.chat_id}", json=hidden)
    before = await upload(group.ana, media.picture())
    await send(group.ana, group.chat_id, before)
    eve_id = (await group.eve.get("/api/v1/users/me")).json()["user_id"]
    await group.ana.put(f"/api/v1/chats/{group.chat_id}/members/{eve_id}", json={"role": "member"})
    after = await upload(group.ana, media.picture())
    await send(group.ana, group.chat_id, after)
    assert await sees(group.eve, before) == {404}
    assert await sees(group.eve, after) == {200, 206, 304}
    shown = (await group.eve.get(f"/api/v1/chats/{group.chat_id}/files")).json()["files"]
    assert [each["file"]["file_id"] for each in shown] == [after["file_id"]]


async def test_a_file_goes_with_its_message(group: Group):
    file = await upload(group.ana, media.picture())
    once = await send(group.ana, group.chat_id, file)
    again = await send(group.ana, group.chat_id, file)
    for left, message in ((True, once), (False, again)):
        path = f"/api/v1/chats/{group.chat_id}/messages/{message.json()['message_id']}"
        gone = await group.ana.delete(path, params={"change_id": uuid7()})
        assert gone.status_code == 200
        shown = (await group.ben.get(f"/api/v1/chats/{group.chat_id}/messages")).json()
        last = next(m for m in shown["messages"] if m["message_id"] == message.json()["message_id"])
        assert (last["file_ids"], "files" in last) == ([], False)
        assert await sees(group.ben, file) == ({200, 206, 304} if left else {404})
    assert await sees(group.ana, file) == {404}
    assert (await group.ana.get("/api/v1/files/usage")).json()["used_bytes"] == 0


async def test_headers_with_which_nothing_runs(group: Group):
    file = await upload(group.ana, b"<svg onload=alert(1)>", 'a"; x.svg')
    answer = await group.ana.get(content(file))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "private, no-cache"
    picture = await upload(group.ana, media.picture(), "niño.jpg")
    shown = await group.ana.get(content(picture))
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"] == (
        "inline; filename=\"nin_o.jpg\"; filename*=UTF-8''ni%C3%B1o.jpg"
    )
    saved = await group.ana.get(content(picture), params={"download": 1})
    assert saved.headers["content-disposition"].startswith("attachment; ")


async def test_ranges(group: Group):
    data = bytes(range(200))
    file = await upload(group.ana, data, "a.bin")
    etag = (await group.ana.head(content(file))).headers["etag"]
    for asked, status, found in (
        ("bytes=10-19", 206, data[10:20]),
        ("bytes=190-", 206, data[190:]),
        ("bytes=-5", 206, data[-5:]),
        ("bytes=0-9999", 206, data),
        ("bytes=0-1,5-6", 200, data),
        ("lines=1-2", 200, data),
    ):
        answer = await group.ana.get(content(file), headers={"range": asked})
        assert (answer.status_code, answer.content) == (status, found), asked
        assert answer.headers["content-length"] == str(len(found))
    beyond = await group.ana.get(content(file), headers={"range": "bytes=200-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, "bytes */200")
    assert code_of(beyond) == "bad_request"
    for condition, status in ((etag, 206), ('"other"', 200)):
        headers = {"range": "bytes=0-1", "if-range": condition}
        assert (await group.ana.get(content(file), headers=headers)).status_code == status
    known = await group.ana.get(content(file), headers={"if-none-match": etag})
    assert (known.status_code, known.content) == (304, b"")
    head = await group.ana.head(content(file))
    assert (head.headers["content-length"], head.content) == ("200", b"")


async def test_a_variant_that_there_is_not(group: Group):
    file = await upload(group.ana, b"hola", "a.txt")
    path = f"/api/v1/files/{file['file_id']}/variants"
    assert code_of(await group.ana.get(f"{path}/thumb")) == "not_found"
    assert code_of(await group.ana.get(f"{path}/huge")) == "bad_request"


async def test_portraits_are_everybodys_and_pictures_of_chats_their_members(group: Group):
    mine = await upload(group.ana, media.picture(), purpose="picture")
    ours = await upload(group.ana, media.picture(), purpose="picture")
    await group.ana.patch("/api/v1/users/me", json={"avatar_file_id": mine["file_id"]})
    chat = f"/api/v1/chats/{group.chat_id}"
    await group.ana.patch(chat, json={"picture_file_id": ours["file_id"]})
    assert await sees(group.eve, mine) == {200, 206, 304}
    assert await sees(group.ben, ours) == {200, 206, 304}
    assert await sees(group.eve, ours) == {404}
    assert (await group.ana.delete(chat)).status_code == 204
    assert await sees(group.ben, ours) == {404}


async def test_only_the_parts_that_are_served_are_looked_up(
    ana: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    data = bytes(range(256)) * 256 * 3
    file = await reserve(ana, "a.bin", len(data))
    for at in range(0, len(data), 65_536):
        await put(ana, file["file_id"], at, data[at : at + 65_536])
    await complete(ana, file["file_id"], data)
    found, parts_of = list[int](), contents.parts_of

    def note(reader: Reader, file_id: FileId, start: int, end: int) -> list[Part]:
        parts = parts_of(reader, file_id, start, end)
        found.append(len(parts))
        return parts

    monkeypatch.setattr(contents, "parts_of", note)
    path = content(file)
    whole = await ana.get(path)
    assert whole.content == data
    some = await ana.get(path, headers={"range": "bytes=65530-65540"})
    assert some.content == data[65_530:65_541]
    last = await ana.get(path, headers={"range": "bytes=-5"})
    assert last.content == data[-5:]
    beyond = await ana.get(path, headers={"range": f"bytes={len(data)}-"})
    known = await ana.get(path, headers={"if-none-match": whole.headers["etag"]})
    head = await ana.head(path)
    assert [each.status_code for each in (beyond, known, head)] == [416, 304, 200]
    assert found == [3, 2, 1, 0, 0, 0]
