from collections.abc import AsyncGenerator

import httpx
import pytest

from tests import media
from tests.core import new_message_id
from tests.fakes import ServerTasks, code_of, register
from tests.uploads import OCTETS, complete, content, put, reserve, send, upload
from uptc_messenger.toolkit.ids import uuid7

PART = 65_536


@pytest.fixture
async def ana(servers: ServerTasks) -> AsyncGenerator[httpx.AsyncClient, None]:
    server = await servers.start(
        files_part_bytes=PART, files_max_bytes=300_000, files_user_bytes=500_000
    )
    async with server.client() as stranger:
        token = (await register(stranger, "ana"))["token"]
    async with server.client(token) as client:
        yield client


async def test_a_file_in_three_steps_comes_out_as_it_went_in(ana: httpx.AsyncClient):
    data = bytes(range(256)) * 700
    file = await upload(ana, data, "datos.bin")
    assert file == {
        "file_id": file["file_id"],
        "name": "datos.bin",
        "type": "application/octet-stream",
        "size": len(data),
        "kind": "file",
        "variants": [],
    }
    assert (await ana.get(content(file))).content == data
    assert (await ana.get(f"/api/v1/files/{file['file_id']}")).json() == file
    usage = (await ana.get("/api/v1/files/usage")).json()
    assert usage == {
        "used_bytes": len(data),
        "quota_bytes": 500_000,
        "max_bytes": 300_000,
        "part_bytes": PART,
    }


async def test_a_reservation_is_made_once(ana: httpx.AsyncClient):
    wanted = {"upload_id": uuid7(), "name": "../../a.txt", "size": 10}
    first = await ana.post("/api/v1/files", json=wanted)
    again = await ana.post("/api/v1/files", json=wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["file_id"] == again.json()["file_id"]
    other = await ana.post("/api/v1/files", json={**wanted, "size": 11})
    assert code_of(other) == "id_conflict"
    assert (await ana.get("/api/v1/files/usage")).json()["used_bytes"] == 10


async def test_an_upload_goes_on_where_it_is_and_nowhere_else(ana: httpx.AsyncClient):
    data = b"x" * (PART + 40)
    file_id = (await reserve(ana, "a.bin", len(data)))["file_id"]
    ahead = await put(ana, file_id, 50, data[:PART])
    assert (code_of(ahead), ahead.json()["details"]) == ("conflict", {"offset": "0"})
    assert code_of(await put(ana, file_id, 0, data[:60])) == "bad_request"
    assert (await put(ana, file_id, 0, data[:PART])).json()["offset"] == PART
    assert (await put(ana, file_id, 0, data[:PART])).json()["offset"] == PART
    crossing = await put(ana, file_id, PART - 10, data[PART - 10 :])
    assert crossing.json()["details"] == {"offset": f"{PART}"}
    assert (await ana.get(f"/api/v1/files/{file_id}/upload")).json()["offset"] == PART
    early = await complete(ana, file_id, data)
    assert (code_of(early), early.json()["details"]) == ("conflict", {"offset": f"{PART}"})
    assert (await put(ana, file_id, PART, data[PART:])).json()["offset"] == len(data)
    done = await complete(ana, file_id, data)
    assert done.json() == (await complete(ana, file_id, data)).json()


async def test_what_was_damaged_on_its_way_is_sent_again(ana: httpx.AsyncClient):
    file_id = (await reserve(ana, "a.bin", 4))["file_id"]
    await put(ana, file_id, 0, b"good")
    refused = await complete(ana, file_id, b"evil")
    assert refused.json()["details"] == {"reason": "hash_mismatch", "offset": "0"}
    assert (await ana.get(f"/api/v1/files/{file_id}/upload")).json()["offset"] == 0
    await put(ana, file_id, 0, b"evil")
    assert (await complete(ana, file_id, b"evil")).status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"", OCTETS, "bad_request"),
        (b"x" * 101, OCTETS, "bad_request"),
        (b"x" * (PART + 1), OCTETS, "too_large"),
        (b"x", {"content-type": "application/json"}, "unsupported"),
        (b"x", {**OCTETS, "content-encoding": "gzip"}, "unsupported"),
    ],
)
async def test_what_is_no_part(
    ana: httpx.AsyncClient, body: bytes, headers: dict[str, str], code: str
):
    file_id = (await reserve(ana, "a.bin", 100))["file_id"]
    path = f"/api/v1/files/{file_id}/content?offset=0"
    assert code_of(await ana.put(path, content=body, headers=headers)) == code
    assert (await ana.get(f"/api/v1/files/{file_id}/upload")).json()["offset"] == 0


async def test_limits_say_which_and_how_much(ana: httpx.AsyncClient):
    async def refused(size: int) -> dict[str, str]:
        wanted = {"upload_id": uuid7(), "name": "a.bin", "size": size}
        answer = await ana.post("/api/v1/files", json=wanted)
        assert code_of(answer) == "too_large"
        return answer.json()["details"]

    assert await refused(300_001) == {"reason": "file_size", "limit": "300000"}
    first = await reserve(ana, "a.bin", 300_000)
    assert await refused(200_001) == {"reason": "user_quota", "limit": "500000"}
    assert (await ana.delete(f"/api/v1/files/{first['file_id']}")).status_code == 204
    await reserve(ana, "a.bin", 300_000)


async def test_a_cancelled_upload_is_gone(ana: httpx.AsyncClient):
    file_id = (await reserve(ana, "a.bin", 4))["file_id"]
    await put(ana, file_id, 0, b"abcd")
    assert (await ana.delete(f"/api/v1/files/{file_id}")).status_code == 204
    for answer in (
        await put(ana, file_id, 2, b"cd"),
        await complete(ana, file_id, b"abcd"),
        await ana.get(f"/api/v1/files/{file_id}/upload"),
        await ana.delete(f"/api/v1/files/{file_id}"),
    ):
        assert code_of(answer) == "not_found"


async def test_a_file_in_use_is_not_deleted(ana: httpx.AsyncClient):
    file = await upload(ana, b"hola")
    made = await ana.post("/api/v1/chats", json={"kind": "group", "title": "a", "member_ids": []})
    assert (await send(ana, made.json()["chat_id"], file)).status_code == 201
    assert code_of(await ana.delete(f"/api/v1/files/{file['file_id']}")) == "conflict"


async def test_a_picture_is_square_and_of_one_person(ana: httpx.AsyncClient):
    file = await upload(ana, media.picture(size=(300, 100)), purpose="picture")
    assert (file["type"], file["width"], file["height"]) == ("image/webp", 512, 512)
    me = await ana.patch("/api/v1/users/me", json={"avatar_file_id": file["file_id"]})
    assert me.json()["avatar_file_id"] == file["file_id"]
    made = await ana.post("/api/v1/chats", json={"kind": "group", "title": "a", "member_ids": []})
    chat = f"/api/v1/chats/{made.json()['chat_id']}"
    taken = await ana.patch(chat, json={"picture_file_id": file["file_id"]})
    assert code_of(taken) == "not_found"
    other = await upload(ana, media.picture(), purpose="picture")
    set_to = await ana.patch(chat, json={"picture_file_id": other["file_id"]})
    assert set_to.json()["picture_file_id"] == other["file_id"]
    log = (await ana.get(f"{chat}/events")).json()["events"]
    assert log[-1]["data"] == {"picture_file_id": other["file_id"]}
    assert (await ana.patch("/api/v1/users/me", json={"avatar_file_id": None})).status_code == 200
    assert code_of(await ana.get(content(file))) == "not_found"
    assert (await ana.get(content(other))).status_code == 200


async def test_a_picture_is_a_picture_and_a_voice_a_sound(ana: httpx.AsyncClient):
    voice = {"duration_ms": 100, "waveform": [1, 2, 3]}
    for data, more, reason in (
        (b"hola", {"purpose": "picture"}, "not_image"),
        (media.picture()[:-40], {"purpose": "picture"}, "not_image"),
        (media.picture(), {"voice": voice}, "not_audio"),
    ):
        made = await reserve(ana, "a.bin", len(data), **more)
        await put(ana, made["file_id"], 0, data)
        refused = await complete(ana, made["file_id"], data)
        assert (code_of(refused), refused.json()["details"]) == ("bad_request", {"reason": reason})
        assert code_of(await complete(ana, made["file_id"], data)) == "not_found"
    note = await upload(ana, media.wav(), "nota.wav", voice=voice)
    assert (note["kind"], note["waveform"], note["duration_ms"]) == ("voice", [1, 2, 3], 100)


async def test_whoever_is_no_owner_learns_nothing(ana: httpx.AsyncClient):
    made = await reserve(ana, "a.bin", 4)
    async with httpx.AsyncClient(base_url=ana.base_url, timeout=20) as stranger:
        token = (await register(stranger, "eva"))["token"]
        stranger.headers["authorization"] = f"Bearer {token}"
        for file_id in (made["file_id"], str(new_message_id())):
            for answer in (
                await put(stranger, file_id, 0, b"evil"),
                await complete(stranger, file_id, b"evil"),
                await stranger.get(f"/api/v1/files/{file_id}"),
                await stranger.get(f"/api/v1/files/{file_id}/upload"),
                await stranger.delete(f"/api/v1/files/{file_id}"),
            ):
                assert (answer.status_code, code_of(answer)) == (404, "not_found")


async def test_a_picture_says_what_it_shows(ana: httpx.AsyncClient):
    seen = await upload(ana, media.picture(), alt="  El aula\n\u202evacía ")
    assert seen["alt"] == "El aula vacía"
    assert "alt" not in await upload(ana, media.picture(), alt=" \n")
    wanted = {"upload_id": uuid7(), "name": "a.png", "size": 1, "alt": "x" * 501}
    assert (await ana.post("/api/v1/files", json=wanted)).status_code == 400
