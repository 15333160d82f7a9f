import asyncio

import httpx
import pytest

from tests.core import new_message_id
from tests.fakes import Running, ServerTasks, code_of, register
from uptc_messenger.services.auth.limits import LIMITS


@pytest.fixture
async def chat(server: Running, ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        "/api/v1/chats", json={"kind": "group", "title": "Redes", "member_ids": []}
    )
    chat_id = made.json()["chat_id"]
    for text in ("La reunión", "reuniones https://a.b", "adiós"):
        at = f"/api/v1/chats/{chat_id}/messages/{new_message_id()}"
        assert (await ana.put(at, json={"body": {"text": text}})).status_code == 201
    await server.application.chores.indexer.catch_up()
    return chat_id


async def test_hits_with_their_highlights(ana: httpx.AsyncClient, chat: str):
    page = (await ana.get("/api/v1/search", params={"q": "reunion"})).json()
    assert page["next_cursor"] is None
    shown = [(hit["message"]["body"]["text"], hit["highlights"]) for hit in page["hits"]]
    assert sorted(shown) == [("La reunión", [[3, 10]]), ("reuniones https://a.b", [[0, 9]])]
    assert {hit["chat_id"] for hit in page["hits"]} == {chat}


async def test_narrowed_by_parameters(ana: httpx.AsyncClient, chat: str):
    me = (await ana.get("/api/v1/users/me")).json()["user_id"]

    async def count(**params: str) -> int:
        answer = await ana.get("/api/v1/search", params=params)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["hits"])

    assert await count(**{"from": me}) == 3
    assert await count(chat_id=chat, q="reunion") == 2
    assert await count(has="link", q="reunion") == 1
    assert await count(after="2026-01-01", before="2020-01-01T00:00:00Z", q="reunion") == 0
    assert await count(q="") == 0


async def test_pages(ana: httpx.AsyncClient, chat: str):
    first = (await ana.get("/api/v1/search", params={"q": "de:me", "limit": "2"})).json()
    assert len(first["hits"]) == 2
    cursor = first["next_cursor"]
    rest = await ana.get("/api/v1/search", params={"q": "de:me", "limit": "2", "cursor": cursor})
    assert len(rest.json()["hits"]) == 1
    assert rest.json()["next_cursor"] is None


@pytest.mark.parametrize(
    "params",
    [
        {"q": "a" * 201},
        {"limit": "51"},
        {"limit": "0"},
        {"has": "tail"},
        {"before": "soon"},
        {"from": "ana"},
        {"from_": "01a21510-e951-747d-b371-f85e3aeab5a6"},
        {"cursor": "x"},
    ],
)
async def test_what_is_no_search(ana: httpx.AsyncClient, params: dict[str, str]):
    assert code_of(await ana.get("/api/v1/search", params=params)) == "bad_request"


async def test_a_chat_of_others(ana: httpx.AsyncClient):
    nowhere = {"chat_id": new_message_id(), "q": "hola"}
    assert code_of(await ana.get("/api/v1/search", params=nowhere)) == "not_found"


async def test_there_are_so_many_in_a_while(servers: ServerTasks):
    server = await servers.start(limits="on")
    async with server.client() as stranger:
        made = await register(stranger, "ana")
    async with server.client(made["token"]) as ana:
        for _ in range(LIMITS["search"].burst):
            server.application.backend.limiter.take("search", made["user"]["user_id"])
        asked = (ana.get("/api/v1/search", params={"q": "x"}) for _ in range(10))
        answers = await asyncio.gather(*asked)
    assert 429 in {answer.status_code for answer in answers}


async def test_chats_by_what_they_are_called(ana: httpx.AsyncClient, chat: str):
    for q, found in (("rédes", [chat]), ("otra", []), ("", [chat])):
        page = (await ana.get("/api/v1/chats", params={"q": q})).json()
        assert [each["chat_id"] for each in page["chats"]] == found
