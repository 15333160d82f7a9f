import httpx
import pytest

from tests.fakes import PASSWORD, Running, ServerTasks, code_of
from uptc_messenger.models.errors import RateLimited
from uptc_messenger.services.auth import LimitName

CODE = "/api/v1/auth/code"


@pytest.mark.parametrize("mode", ["open", "invite", "closed"])
async def test_a_visitor_learns_who_may_register(servers: ServerTasks, mode: str):
    running = await servers.start(registration=mode)
    async with running.client() as visitor:
        answer = await visitor.get("/api/v1/server")
    assert (answer.status_code, answer.json()) == (
        200,
        {"registration": mode, "signed_in": False},
    )


@pytest.mark.parametrize("header", ["Authorization: Bearer {}", "Cookie: session={}"])
async def test_a_page_learns_whether_it_is_still_logged_in(
    client: httpx.AsyncClient, server: Running, header: str
):
    account = {"username": "ana", "password": PASSWORD}
    token = (await client.post("/api/v1/auth/register", json=account)).json()["token"]
    name, _, value = header.format(token).partition(": ")
    async with server.client() as page:
        page.headers[name] = value
        assert (await page.get("/api/v1/server")).json()["signed_in"] is True
        client.headers["Authorization"] = f"Bearer {token}"
        assert (await client.post("/api/v1/auth/logout")).status_code == 204
        ended = await page.get("/api/v1/server")
    assert (ended.status_code, ended.json()["signed_in"]) == (200, False)


async def test_a_whole_school_may_ask_from_one_address(
    server: Running, monkeypatch: pytest.MonkeyPatch
):
    def used_up(name: LimitName, key: str) -> None:
        raise RateLimited(f"{name} {key}", retry_after_ms=50)

    monkeypatch.setattr(server.application.backend.limiter, "take", used_up)
    async with server.client() as visitor:
        assert (await visitor.get("/api/v1/server")).status_code == 200


async def test_a_code_is_looked_at_without_using_it_up(server: Running):
    assert server.owner_link is not None
    code = server.owner_link.partition("#")[2]
    async with server.client() as visitor:
        for _ in range(2):
            assert (await visitor.post(CODE, json={"code": code})).json() == {"purpose": "owner"}


async def test_a_code_that_is_not_good_opens_nothing(client: httpx.AsyncClient):
    assert code_of(await client.post(CODE, json={"code": "x" * 32})) == "not_found"
