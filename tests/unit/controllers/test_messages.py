from typing import Any

import httpx
import pytest

from tests.core import new_change_id, new_message_id
from tests.fakes import Running, code_of, register


@pytest.fixture
async def chat(ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        "/api/v1/chats", json={"kind": "group", "title": "Redes", "member_ids": []}
    )
    assert made.status_code == 201
    return f"/api/v1/chats/{made.json()['chat_id']}"


async def put(ana: httpx.AsyncClient, chat: str, text: str = "hola") -> dict[str, Any]:
    sent = await ana.put(f"{chat}/messages/{new_message_id()}", json={"body": {"text": text}})
    assert sent.status_code == 201
    return sent.json()


async def test_a_message_is_made_once_and_a_retry_says_so(ana: httpx.AsyncClient, chat: str):
    address, body = f"{chat}/messages/{new_message_id()}", {"body": {"text": "hola"}}
    first, again = await ana.put(address, json=body), await ana.put(address, json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    other = await ana.put(address, json={"body": {"text": "adiós"}})
    assert (other.status_code, code_of(other)) == (409, "id_conflict")


async def test_pages(ana: httpx.AsyncClient, chat: str):
    for number in range(1, 8):
        await put(ana, chat, f"{number}")

    async def page(**query: int) -> str:
        found = await ana.get(f"{chat}/messages", params=query)
        assert found.status_code == 200
        return "".join(m["body"]["text"] for m in found.json()["messages"])

    assert await page(limit=3) == "567"
    assert await page(before_seq=5, limit=2) == "34"
    assert await page(after_seq=5) == "67"
    assert await page(around_seq=4, limit=3) == "345"
    both = await ana.get(f"{chat}/messages", params={"before_seq": 1, "after_seq": 1})
    assert code_of(both) == "bad_request"


async def test_changes_and_the_log_of_them(ana: httpx.AsyncClient, chat: str):
    message = await put(ana, chat)
    at = f"{chat}/messages/{message['message_id']}"
    edit = {"body": {"text": "hola, hola"}, "change_id": new_change_id(), "base_revision": 1}
    edited = await ana.patch(at, json=edit)
    assert edited.json() == {"seq": 2, "revision": 2}
    stale = await ana.patch(at, json={**edit, "change_id": new_change_id()})
    assert (stale.status_code, code_of(stale)) == (409, "conflict")
    assert (await ana.put(f"{at}/reactions/%F0%9F%91%8D")).json() == {"seq": 3}
    assert (await ana.delete(f"{at}/reactions/%F0%9F%91%8D")).json() == {"seq": 4}
    deleted = await ana.delete(at, params={"change_id": new_change_id()})
    assert deleted.json()["seq"] == 5
    log = (await ana.get(f"{chat}/events", params={"after_seq": 1})).json()
    assert [event["kind"] for event in log["events"]] == [
        "message.edited",
        "reaction.changed",
        "reaction.changed",
        "message.deleted",
    ]
    assert (log["to_seq"], log["more"], log["reset"]) == (5, False, False)


async def test_reading(ana: httpx.AsyncClient, chat: str):
    await put(ana, chat)
    assert (await ana.put(f"{chat}/read", json={"n": 0, "force": True})).status_code == 204
    assert (await ana.get(chat)).json()["read_n"] == 0


async def test_a_stranger_finds_nothing(server: Running, ana: httpx.AsyncClient, chat: str):
    message = await put(ana, chat)
    at = f"{chat}/messages/{message['message_id']}"
    async with server.client() as client:
        token = (await register(client, "luis"))["token"]
    edit = {"body": {"text": "x"}, "change_id": new_change_id()}
    async with server.client(token) as luis:
        answers = [
            await luis.get(f"{chat}/messages"),
            await luis.get(f"{chat}/events"),
            await luis.put(f"{chat}/messages/{new_message_id()}", json={"body": {"text": "x"}}),
            await luis.patch(at, json=edit),
            await luis.delete(at, params={"change_id": new_change_id()}),
            await luis.put(f"{at}/reactions/%F0%9F%91%8D"),
            await luis.put(f"{chat}/read", json={"n": 1}),
        ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
