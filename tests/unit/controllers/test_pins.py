import httpx
import pytest

from tests.core import new_change_id, new_message_id
from tests.fakes import code_of


@pytest.fixture
async def chat(ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        "/api/v1/chats", json={"kind": "group", "title": "Redes", "member_ids": []}
    )
    return f"/api/v1/chats/{made.json()['chat_id']}"


async def say(ana: httpx.AsyncClient, chat: str, text: str = "hola") -> str:
    at = f"{chat}/messages/{new_message_id()}"
    assert (await ana.put(at, json={"body": {"text": text}})).status_code == 201
    return at


async def test_pins_are_changes_and_a_list(ana: httpx.AsyncClient, chat: str):
    one, two = await say(ana, chat, "uno"), await say(ana, chat, "dos")
    assert (await ana.put(f"{one}/pin")).json() == {"seq": 3}
    assert (await ana.put(f"{one}/pin")).json() == {"duplicate": True}
    assert (await ana.put(f"{two}/pin")).json() == {"seq": 4}
    first = (await ana.get(f"{chat}/pins", params={"limit": 1})).json()
    rest = (await ana.get(f"{chat}/pins", params={"cursor": first["next_cursor"]})).json()
    texts = [pin["message"]["body"]["text"] for pin in (*first["pins"], *rest["pins"])]
    assert texts == ["dos", "uno"]
    assert set(first["pins"][0]) == {"message", "pinned_by", "pinned_at"}
    assert (await ana.delete(f"{two}/pin")).json() == {"seq": 5}
    log = (await ana.get(f"{chat}/events", params={"after_seq": 4})).json()["events"]
    assert log[0]["kind"] == "pin.changed"
    assert log[0]["data"] == {"message_id": two.rpartition("/")[2], "on": False}


async def test_earlier_texts(ana: httpx.AsyncClient, chat: str):
    at = await say(ana, chat, "uno")
    await ana.patch(at, json={"body": {"text": "dos"}, "change_id": new_change_id()})
    first = (await ana.get(f"{at}/revisions", params={"limit": 1})).json()
    rest = (await ana.get(f"{at}/revisions", params={"cursor": first["next_cursor"]})).json()
    assert [(r["revision"], r["body"]) for r in (*first["revisions"], *rest["revisions"])] == [
        (2, {"text": "dos"}),
        (1, {"text": "uno"}),
    ]
    assert rest["next_cursor"] is None


async def test_what_is_not_there(ana: httpx.AsyncClient, chat: str):
    gone = f"{chat}/messages/{new_message_id()}"
    assert code_of(await ana.put(f"{gone}/pin")) == "not_found"
    assert code_of(await ana.get(f"{gone}/revisions")) == "not_found"
    assert code_of(await ana.get(f"{chat}/pins", params={"cursor": "x"})) == "bad_request"
