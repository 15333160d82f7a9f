from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.core import new_message_id
from tests.fakes import code_of

API = "/api/v1"


@pytest.fixture
async def chat(ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        f"{API}/chats", json={"kind": "group", "title": "Redes", "member_ids": []}
    )
    return made.json()["chat_id"]


def later(**more: object) -> dict[str, object]:
    at = datetime.now(UTC) + timedelta(hours=1)
    return {"body": {"text": "hola"}, "send_at": at.isoformat(), **more}


async def test_a_message_waits_is_changed_listed_and_cancelled(ana: httpx.AsyncClient, chat: str):
    at = f"{API}/chats/{chat}/scheduled/{new_message_id()}"
    wanted = later()
    first, again = await ana.put(at, json=wanted), await ana.put(at, json=wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    changed = (await ana.put(at, json=later(body={"text": "adiós"}))).json()
    for path in (f"{API}/scheduled", f"{API}/chats/{chat}/scheduled"):
        assert (await ana.get(path)).json() == {"scheduled": [changed], "next_cursor": None}
    assert (await ana.get(f"{API}/chats/{chat}")).json()["scheduled"] == 1
    assert (await ana.delete(at)).status_code == 204
    assert code_of(await ana.delete(at)) == "not_found"
    assert (await ana.get(f"{API}/scheduled")).json()["scheduled"] == []


async def test_it_is_sent_now(ana: httpx.AsyncClient, chat: str):
    at = f"{API}/chats/{chat}/scheduled/{new_message_id()}"
    await ana.put(at, json=later())
    sent = await ana.post(f"{at}/send")
    assert (sent.status_code, sent.json()["n"]) == (200, 1)
    (message,) = (await ana.get(f"{API}/chats/{chat}/messages")).json()["messages"]
    assert (message["body"], message["scheduled"]) == ({"text": "hola"}, True)
    assert code_of(await ana.put(at, json=later())) == "conflict"


@pytest.mark.parametrize(
    "wrong",
    [
        {"send_at": "2020-01-01T00:00:00Z"},
        {"send_at": f"{datetime.now(UTC).year + 1}-01-01T00:00:00"},
        {"send_at": 5},
        {"body": {"text": " "}},
        {"sender_id": "0190a1b2-0000-7000-8000-000000000000"},
    ],
)
async def test_what_is_wrong_is_refused(
    ana: httpx.AsyncClient, chat: str, wrong: dict[str, object]
):
    at = f"{API}/chats/{chat}/scheduled/{new_message_id()}"
    assert code_of(await ana.put(at, json=later(**wrong))) == "bad_request"
