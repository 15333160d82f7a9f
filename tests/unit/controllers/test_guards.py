import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.fakes import Running, ServerTasks, code_of, register
from uptc_messenger.controllers.api import routes

ME = "/api/v1/users/me"
FOREIGN = [
    "https://evil.example.org", "null", "http://localhost:1", "http://127.0.0.1.evil.org", "x",
]  # fmt: skip
PUBLIC = {
    "check_code", "claim_owner", "get_health", "get_metrics", "get_openapi", "get_readiness",
    "get_server", "log_in", "preview_invite", "register", "reset_password",
}  # fmt: skip


@asynccontextmanager
async def browser_of(server: Running, username: str) -> AsyncGenerator[httpx.AsyncClient, None]:
    async with server.browser() as browser:
        await register(browser, username)
        yield browser


async def test_a_foreign_page_changes_nothing_with_the_cookie(server: Running):
    async with browser_of(server, "ana") as browser:
        changes = (
            ("PATCH", ME, {"about": "x"}),
            ("POST", "/api/v1/auth/logout", None),
            ("DELETE", "/api/v1/auth/sessions", None),
        )
        for origin, (method, path, body) in itertools.product(FOREIGN, changes):
            answer = await browser.request(method, path, json=body, headers={"origin": origin})
            assert (answer.status_code, code_of(answer)) == (403, "forbidden")
        assert (await browser.get(ME)).json()["about"] == ""


async def test_without_an_origin_the_cookie_changes_nothing(server: Running):
    async with browser_of(server, "ana") as browser:
        del browser.headers["origin"]
        assert code_of(await browser.patch(ME, json={"about": "x"})) == "forbidden"
        assert (await browser.get(ME)).status_code == 200


async def test_a_foreign_page_logs_nobody_in(server: Running, client: httpx.AsyncClient):
    await register(client, "ana")
    body = {"username": "ana", "password": "tres tazas de tinto"}
    headers = {"origin": "https://evil.example.org"}
    answer = await client.post("/api/v1/auth/login", json=body, headers=headers)
    assert code_of(answer) == "forbidden"
    assert "set-cookie" not in answer.headers


async def test_a_program_with_a_token_needs_no_origin(ana: httpx.AsyncClient):
    assert (await ana.patch(ME, json={"about": "x"})).status_code == 200
    headers = {"origin": "https://evil.example.org"}
    assert (await ana.patch(ME, json={"about": "y"}, headers=headers)).status_code == 200


async def test_what_is_no_token_lets_nobody_in(client: httpx.AsyncClient):
    for authorization in ["", "Bearer", "Basic YTpi", "Bearer x", "Bearer ñ", "bearer a b"]:
        headers = {b"authorization": authorization.encode()}
        answer = await client.get(ME, headers=headers)
        assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


async def test_a_cookie_planted_under_another_name_lets_nobody_in(server: Running):
    async with server.client() as client:
        token = (await register(client, "ana"))["token"]
        for name in ("__Host-session", "device", "Session"):
            answer = await client.get(ME, headers={"cookie": f"{name}={token}"})
            assert answer.status_code == 401


async def test_nobody_is_let_in_before_the_body_is_looked_at(client: httpx.AsyncClient):
    answer = await client.patch(ME, content=b"no json", headers={"content-type": "text/plain"})
    assert answer.status_code == 401


def test_every_door_but_the_public_ones_wants_a_principal():
    open_doors = {
        handler.operation_id
        for route in routes().routes
        for handler in getattr(route, "route_handlers", ())
        if handler.operation_id and "principal" not in handler.parsed_fn_signature.parameters
    }
    assert open_doors <= PUBLIC, "a new public operation needs a reason and a line here"


async def test_logins_to_one_account_are_limited_but_not_from_a_known_device(server: Running):
    async with browser_of(server, "ana") as known, server.client() as guesser:
        body = {"username": "ana", "password": "a wrong guess"}
        answers = [await guesser.post("/api/v1/auth/login", json=body) for _ in range(11)]
        assert [a.status_code for a in answers] == [401] * 10 + [429]
        right = {"username": "ana", "password": "tres tazas de tinto"}
        assert code_of(await guesser.post("/api/v1/auth/login", json=right)) == "rate_limited"
        assert (await known.post("/api/v1/auth/login", json=right)).status_code == 200


async def test_a_class_that_logs_in_from_one_address_is_no_attack(servers: ServerTasks):
    server = await servers.start()
    async with server.client() as client:
        await register(client, "ana")
        body = {"username": "ana", "password": "tres tazas de tinto"}
        for _ in range(32):
            assert (await client.post("/api/v1/auth/login", json=body)).status_code == 200


async def test_a_forwarded_address_is_believed_from_a_proxy_alone(servers: ServerTasks):
    body = {"username": "nobody", "password": "a wrong guess"}
    statuses: list[int] = []
    server = await servers.start()
    async with server.client() as client:
        for number in range(31):
            headers = {"x-forwarded-for": f"203.0.113.{number}"}
            body = {"username": f"nobody{number}", "password": "a wrong guess"}
            answer = await client.post("/api/v1/auth/login", json=body, headers=headers)
            statuses.append(answer.status_code)
    assert statuses == [401] * 30 + [429]


@pytest.mark.parametrize("path", ["/users/me", "/auth/login", "/chats/x/members/y?z=1"])
async def test_options_tells_which_methods_there_are(client: httpx.AsyncClient, path: str):
    answer = await client.options(f"/api/v1{path}")
    assert answer.status_code == 204
    assert "OPTIONS" in answer.headers["allow"]
    assert answer.content == b""
