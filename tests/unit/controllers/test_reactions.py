import httpx
import pytest

from tests.core import new_message_id
from tests.fakes import code_of

THUMB = "%F0%9F%91%8D"


@pytest.fixture
async def message(ana: httpx.AsyncClient) -> str:
    group = {"kind": "group", "title": "Redes", "member_ids": list[str]()}
    made = (await ana.post("/api/v1/chats", json=group)).json()
    at = f"/api/v1/chats/{made['chat_id']}/messages/{new_message_id()}"
    assert (await ana.put(at, json={"body": {"text": "hola"}})).status_code == 201
    return at


async def test_a_reaction_is_a_change(ana: httpx.AsyncClient, message: str):
    assert (await ana.put(f"{message}/reactions/{THUMB}")).json() == {"seq": 2}
    assert (await ana.put(f"{message}/reactions/{THUMB}")).json() == {"duplicate": True}
    assert (await ana.delete(f"{message}/reactions/{THUMB}")).json() == {"seq": 3}


async def test_who_reacted_in_pages(ana: httpx.AsyncClient, message: str):
    me = (await ana.get("/api/v1/users/me")).json()["user_id"]
    for emoji in ("👍", "🎉", "❤️"):
        await ana.put(f"{message}/reactions/{emoji}")
    first = (await ana.get(f"{message}/reactions", params={"limit": 2})).json()
    rest = (await ana.get(f"{message}/reactions", params={"cursor": first["next_cursor"]})).json()
    assert rest["next_cursor"] is None
    all_of_them = [*first["reactions"], *rest["reactions"]]
    assert {one["emoji"] for one in all_of_them} == {"👍", "🎉", "❤️"}
    assert all(set(one) == {"emoji", "user_id", "reacted_at"} for one in all_of_them)
    assert {one["user_id"] for one in all_of_them} == {me}
    only = (await ana.get(f"{message}/reactions", params={"emoji": "🎉"})).json()
    assert [one["emoji"] for one in only["reactions"]] == ["🎉"]


async def test_what_is_refused(ana: httpx.AsyncClient, message: str):
    gone = message.rpartition("/")[0] + f"/{new_message_id()}"
    assert code_of(await ana.get(f"{gone}/reactions")) == "not_found"
    for params in ({"cursor": "x"}, {"emoji": "hola"}, {"emoji": ""}, {"limit": "0"}):
        answer = await ana.get(f"{message}/reactions", params=params)
        assert code_of(answer) == "bad_request"
