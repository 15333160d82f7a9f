import httpx
import pytest

from tests.core import new_message_id
from tests.fakes import code_of

API = "/api/v1/chats"


async def made(ana: httpx.AsyncClient, **wanted: object) -> str:
    answer = await ana.post(API, json={"member_ids": [], **wanted})
    assert answer.status_code in {200, 201}
    return answer.json()["chat_id"]


@pytest.fixture
async def group(ana: httpx.AsyncClient) -> str:
    return await made(ana, kind="group", title="Redes")


async def test_a_message_is_saved_once_and_found_where_it_was_written(
    ana: httpx.AsyncClient, group: str
):
    saved = await made(ana, kind="saved")
    assert await made(ana, kind="saved") == saved
    said, copy = new_message_id(), new_message_id()
    await ana.put(f"{API}/{group}/messages/{said}", json={"body": {"text": "hola"}})
    at = f"{API}/{saved}/messages/{copy}"
    source = {"chat_id": group, "message_id": said}
    first = await ana.put(f"{at}/forward", json=source)
    again = await ana.put(f"{at}/forward", json=source)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {**again.json(), "duplicate": False}
    (message,) = (await ana.get(f"{API}/{saved}/messages")).json()["messages"]
    assert message["body"] == {"text": "hola"}
    assert set(message["forwarded"]) == {"sender_id", "sent_at"}
    assert (await ana.get(f"{at}/origin")).json() == {**source, "seq": 1}


async def test_what_is_not_there_cannot_be_forwarded(ana: httpx.AsyncClient, group: str):
    at = f"{API}/{group}/messages/{new_message_id()}"
    source = {"chat_id": group, "message_id": new_message_id()}
    assert code_of(await ana.put(f"{at}/forward", json=source)) == "not_found"
    assert code_of(await ana.get(f"{at}/origin")) == "not_found"
    forged = {**source, "body": {"text": "inventado"}}
    assert code_of(await ana.put(f"{at}/forward", json=forged)) == "bad_request"
