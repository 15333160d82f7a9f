import httpx
import pytest

from tests.fakes import Running, code_of, register

BLOCKS = "/api/v1/users/me/blocks"


@pytest.fixture
async def luis_id(client: httpx.AsyncClient) -> str:
    return (await register(client, "luis"))["user"]["user_id"]


async def test_a_person_is_blocked_listed_and_let_go(ana: httpx.AsyncClient, luis_id: str):
    made = await ana.put(f"{BLOCKS}/{luis_id}")
    assert made.status_code == 200
    assert made.json()["user"]["username"] == "luis"
    assert (await ana.put(f"{BLOCKS}/{luis_id}")).json() == made.json()
    listed = (await ana.get(BLOCKS)).json()
    assert listed == {"blocks": [made.json()], "next_cursor": None}
    for _ in range(2):
        assert (await ana.delete(f"{BLOCKS}/{luis_id}")).status_code == 204
    assert (await ana.get(BLOCKS)).json()["blocks"] == []


async def test_pages(server: Running, client: httpx.AsyncClient, ana: httpx.AsyncClient):
    for name in ("luis", "eva", "juan"):
        who = await register(client, name)
        await ana.put(f"{BLOCKS}/{who['user']['user_id']}")
    first = (await ana.get(BLOCKS, params={"limit": 2})).json()
    rest = (await ana.get(BLOCKS, params={"cursor": first["next_cursor"]})).json()
    names = [b["user"]["username"] for b in (*first["blocks"], *rest["blocks"])]
    assert sorted(names) == ["eva", "juan", "luis"]
    assert rest["next_cursor"] is None


async def test_who_cannot_be_blocked(ana: httpx.AsyncClient):
    me = (await ana.get("/api/v1/users/me")).json()["user_id"]
    assert code_of(await ana.put(f"{BLOCKS}/{me}")) == "bad_request"
    nobody = "01a207c9-0696-7c3a-826b-3af89a683633"
    assert code_of(await ana.put(f"{BLOCKS}/{nobody}")) == "not_found"
    assert (await ana.delete(f"{BLOCKS}/{nobody}")).status_code == 204
    assert code_of(await ana.get(BLOCKS, params={"cursor": "x"})) == "bad_request"
