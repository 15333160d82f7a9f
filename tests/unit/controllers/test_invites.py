import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.fakes import PASSWORD, Running, ServerTasks, code_of, register
from uptc_messenger.toolkit.ids import uuid7

INVITES = "/api/v1/invites"


@pytest_asyncio.fixture
async def running(servers: ServerTasks) -> Running:
    return await servers.start(limits="off")


@pytest_asyncio.fixture
async def stranger(running: Running) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with running.client() as opened:
        yield opened


@pytest_asyncio.fixture
async def ana(
    running: Running, stranger: httpx.AsyncClient
) -> AsyncGenerator[httpx.AsyncClient, None]:
    token = (await register(stranger, "ana", display_name="Ana María"))["token"]
    async with running.client(token) as opened:
        yield opened


@pytest_asyncio.fixture
async def eve(
    running: Running, stranger: httpx.AsyncClient
) -> AsyncGenerator[httpx.AsyncClient, None]:
    token = (await register(stranger, "eve"))["token"]
    async with running.client(token) as opened:
        yield opened


async def make(client: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    """A group of the client, and an invitation into it."""
    body: dict[str, object] = {"kind": "group", "title": "Redes", "member_ids": []}
    chat_id = (await client.post("/api/v1/chats", json=body)).json()["chat_id"]
    answer = await client.post(INVITES, json={"chat_ids": [chat_id], **wanted})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_invitation_from_end_to_end(
    running: Running, ana: httpx.AsyncClient, eve: httpx.AsyncClient, stranger: httpx.AsyncClient
):
    made = await make(ana, max_uses=5, expires_in_s=3600)
    body = {"invite": made["invite"]}

    assert made["url"] == f"{running.address}/join#{made['invite']}"
    assert (made["uses"], made["max_uses"], made["role"]) == (0, 5, "member")

    shown = await stranger.post(f"{INVITES}/preview", json=body)
    assert shown.json() == {
        "inviter": {"display_name": "Ana María", "username": "ana"},
        "chats": [{"title": "Redes", "member_count": 1}],
        "role": "member",
    }

    accepted = await eve.post(f"{INVITES}/accept", json=body)
    again = await eve.post(f"{INVITES}/accept", json=body)
    assert (accepted.status_code, again.status_code) == (200, 200)
    (chat,) = accepted.json()["chats"]
    assert (chat["chat_id"], chat["member_count"], chat["seq"]) == (made["chat_ids"][0], 2, 1)

    (listed,) = (await ana.get(INVITES)).json()["invites"]
    assert listed["uses"] == 1
    assert not {"invite", "url"} & listed.keys()
    assert (await eve.get(INVITES)).json() == {"invites": [], "next_cursor": None}

    ended = await ana.delete(f"{INVITES}/{made['invite_id']}")
    assert (ended.status_code, ended.content) == (204, b"")
    assert code_of(await stranger.post(f"{INVITES}/preview", json=body)) == "not_found"


async def test_an_account_made_with_an_invitation_is_in_its_chats(
    ana: httpx.AsyncClient, running: Running, stranger: httpx.AsyncClient
):
    made = await make(ana, max_uses=1, role="guest")
    new = await register(stranger, "nuevo", invite=made["invite"])
    assert new["user"]["role"] == "guest"
    async with running.client(new["token"]) as client:
        (chat,) = (await client.get("/api/v1/chats")).json()["chats"]
    assert (chat["chat_id"], chat["role"]) == (made["chat_ids"][0], "guest")

    late = {"username": "tarde", "password": PASSWORD, "invite": made["invite"]}
    refused = await stranger.post("/api/v1/auth/register", json=late)
    assert (refused.status_code, code_of(refused)) == (404, "not_found")
    del late["invite"]
    assert (await stranger.post("/api/v1/auth/register", json=late)).status_code == 201


async def test_of_many_who_register_at_once_with_a_single_use_one_gets_in(
    ana: httpx.AsyncClient, stranger: httpx.AsyncClient
):
    made = await make(ana, max_uses=1)
    bodies = [
        {"username": f"user{number:02d}", "password": PASSWORD, "invite": made["invite"]}
        for number in range(10)
    ]
    answers = await asyncio.gather(
        *(stranger.post("/api/v1/auth/register", json=body) for body in bodies)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [404] * 9


async def test_links_lead_where_the_inviter_is(running: Running, stranger: httpx.AsyncClient):
    await register(stranger, "ana")
    async with running.browser() as browser:
        credentials = {"username": "ana", "password": PASSWORD}
        await browser.post("/api/v1/auth/login", json=credentials)
        made = await make(browser)
    assert made["url"].startswith(f"{running.address}/join#")


async def test_links_lead_to_the_public_address(servers: ServerTasks):
    running = await servers.start(limits="off", public_url="https://chat.example.edu/")
    async with running.client(host="chat.example.edu") as stranger:
        token = (await register(stranger, "ana"))["token"]
        stranger.headers["authorization"] = f"Bearer {token}"
        made = await make(stranger)
    assert made["url"] == f"https://chat.example.edu/join#{made['invite']}"


async def test_what_one_may_not_see_is_not_there(ana: httpx.AsyncClient, eve: httpx.AsyncClient):
    made = await make(ana)
    foreign = [
        await eve.delete(f"{INVITES}/{made['invite_id']}"),
        await eve.post(INVITES, json={"chat_ids": made["chat_ids"]}),
    ]
    never = [
        await eve.delete(f"{INVITES}/{uuid7()}"),
        await eve.post(INVITES, json={"chat_ids": [uuid7()]}),
    ]
    assert [a.content for a in foreign] == [a.content for a in never]
    assert {a.status_code for a in foreign} == {404}


@pytest.mark.parametrize(
    "body",
    [
        {"role": "owner"},
        {"max_uses": 0},
        {"expires_in_s": 1},
        {"expires_in_s": 1e3},
        {"chat_ids": ["x"]},
        {"uses": 1},
    ],
)
async def test_a_wrong_invitation_is_refused(ana: httpx.AsyncClient, body: dict[str, Any]):
    answer = await ana.post(INVITES, json=body)
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


async def test_only_admins_of_the_server_open_it(ana: httpx.AsyncClient):
    answer = await ana.post(INVITES, json={})
    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


async def test_guesses_are_counted(servers: ServerTasks):
    running = await servers.start()
    async with running.client() as stranger:
        answers = [
            await stranger.post(f"{INVITES}/preview", json={"invite": f"guess{number}"})
            for number in range(31)
        ]
    assert {code_of(answer) for answer in answers[:30]} == {"not_found"}
    assert code_of(answers[30]) == "rate_limited"
    assert int(answers[30].headers["retry-after"]) > 0
