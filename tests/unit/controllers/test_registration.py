import asyncio

import httpx
import pytest_asyncio

from tests.fakes import PASSWORD, Running, ServerTasks, code_of, register

INVITES = "/api/v1/invites"
REGISTER = "/api/v1/auth/register"


@pytest_asyncio.fixture
async def by_invitation(servers: ServerTasks) -> Running:
    return await servers.start(registration="invite")


async def owner(server: Running) -> httpx.AsyncClient:
    assert server.owner_link is not None
    body = {"code": server.owner_link.partition("#")[2], "username": "due", "password": PASSWORD}
    async with server.client() as client:
        answer = await client.post("/api/v1/auth/owner", json=body)
    return server.client(answer.json()["token"])


async def invite(client: httpx.AsyncClient, **wanted: object) -> str:
    answer = await client.post(INVITES, json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()["invite"]


async def group(client: httpx.AsyncClient) -> str:
    body: dict[str, object] = {"kind": "group", "title": "Redes", "member_ids": []}
    answer = await client.post("/api/v1/chats", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["chat_id"]


async def test_an_invitation_to_a_chat_makes_an_account_in_it(by_invitation: Running):
    async with await owner(by_invitation) as due, by_invitation.client() as client:
        chat_id = await group(due)
        secret = await invite(due, chat_ids=[chat_id])
        body = await register(client, "ana", invite=secret)
        assert body["user"]["role"] == "member"
        async with by_invitation.client(body["token"]) as ana:
            chats = (await ana.get("/api/v1/chats")).json()["chats"]
            assert [chat["chat_id"] for chat in chats] == [chat_id]


async def test_an_invitation_to_the_server_gives_its_role(by_invitation: Running):
    async with await owner(by_invitation) as due, by_invitation.client() as client:
        body = await register(client, "ana", invite=await invite(due, role="admin"))
        assert body["user"]["role"] == "admin"


async def test_of_many_who_use_the_last_use_of_an_invitation_one_gets_in(by_invitation: Running):
    async with await owner(by_invitation) as due, by_invitation.client() as client:
        secret = await invite(due, max_uses=1)
        bodies = [
            {"username": f"student{i}", "password": PASSWORD, "invite": secret} for i in range(8)
        ]
        answers = await asyncio.gather(*(client.post(REGISTER, json=body) for body in bodies))
        assert sorted(a.status_code for a in answers) == [201] + [404] * 7
        found = (await due.get("/api/v1/users", params={"q": "student"})).json()["users"]
        assert len(found) == 1


async def test_a_taken_username_uses_no_invitation_up(by_invitation: Running):
    async with await owner(by_invitation) as due, by_invitation.client() as client:
        secret = await invite(due, max_uses=1)
        taken = {"username": "due", "password": PASSWORD, "invite": secret}
        assert code_of(await client.post(REGISTER, json=taken)) == "conflict"
        assert (await client.post(REGISTER, json={**taken, "username": "ana"})).status_code == 201


async def test_with_a_closed_registration_no_invitation_helps(servers: ServerTasks):
    server = await servers.start(registration="closed")
    async with await owner(server) as due, server.client() as client:
        secret = await invite(due)
        body = {"username": "ana", "password": PASSWORD, "invite": secret}
        assert code_of(await client.post(REGISTER, json=body)) == "forbidden"


async def test_accounts_without_invitation_are_limited_by_address(server: Running):
    async with server.client() as client:
        for number in range(6):
            await register(client, f"user{number}")
        body = {"username": "one-more", "password": PASSWORD}
        answer = await client.post(REGISTER, json=body)
        assert (answer.status_code, code_of(answer)) == (429, "rate_limited")
        assert answer.json()["retry_after_ms"] > 0
        assert int(answer.headers["retry-after"]) >= 1


async def test_a_class_registers_from_one_address_with_its_invitation(by_invitation: Running):
    async with await owner(by_invitation) as due, by_invitation.client() as client:
        secret = await invite(due)
        for number in range(10):
            await register(client, f"student{number}", invite=secret)


async def test_guesses_at_invitations_are_limited(server: Running):
    async with server.client() as client:
        codes = [
            code_of(
                await client.post(
                    REGISTER, json={"username": "ana", "password": PASSWORD, "invite": f"guess{i}"}
                )
            )
            for i in range(31)
        ]
        assert codes == ["not_found"] * 30 + ["rate_limited"]


async def test_limits_switched_off_limit_nobody(servers: ServerTasks):
    server = await servers.start(limits="off")
    async with server.client() as client:
        for number in range(8):
            await register(client, f"user{number}")


async def test_an_account_has_the_language_in_which_it_was_made(server: Running):
    async with server.client() as client:
        english = await register(client, "ana", locale="en")
        assert (english["user"]["locale"], (await register(client, "eva"))["user"]["locale"]) == (
            "en",
            "es",
        )


async def test_so_has_the_owner(by_invitation: Running):
    assert by_invitation.owner_link is not None
    code = by_invitation.owner_link.partition("#")[2]
    body = {"code": code, "username": "due", "password": PASSWORD, "locale": "en"}
    async with by_invitation.client() as client:
        answer = await client.post("/api/v1/auth/owner", json=body)
    assert answer.json()["user"]["locale"] == "en"
