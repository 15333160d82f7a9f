from typing import Any

import httpx
import pytest
from litestar import Request

from tests.fakes import PASSWORD, Running, ServerTasks, code_of
from uptc_messenger.controllers import attempts
from uptc_messenger.models.errors import NotFound, RateLimited, Unauthenticated

LOGIN = "/api/v1/auth/login"
RESET = "/api/v1/auth/reset"
PREVIEW = "/api/v1/invites/preview"


def request(cookie: str = "") -> Request[Any, Any, Any]:
    headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
    scope: Any = {"type": "http", "headers": headers, "client": ("203.0.113.9", 1)}
    return Request(scope)


async def fail(server: Running, cookie: str = "") -> None:
    attempt = attempts.login(server.application.backend, request(cookie), "Ana")
    async with attempt.counted:
        raise Unauthenticated


async def test_a_login_counts_against_the_device_that_is_known(server: Running):
    remembered = f"device={server.application.backend.auth.devices.seal('ana')}"
    for cookie in ("", remembered):
        for _ in range(10):
            with pytest.raises(Unauthenticated):
                await fail(server, cookie)
        with pytest.raises(RateLimited):
            await fail(server, cookie)
    assert attempts.login(server.application.backend, request(remembered), "ana").known
    assert not attempts.login(server.application.backend, request(remembered), "eve").known


async def test_only_secrets_that_are_wrong_are_counted(server: Running):
    backend = server.application.backend
    for _ in range(50):
        with attempts.guess(backend, request(), "code_guess"):
            pass
    for _ in range(10):
        with pytest.raises(NotFound), attempts.guess(backend, request(), "code_guess"):
            raise NotFound
    with pytest.raises(RateLimited), attempts.guess(backend, request(), "code_guess"):
        raise NotFound
    with attempts.guess(backend, request(), "code_guess"):
        pass


async def test_a_guesser_at_the_same_address_keeps_nobody_out(servers: ServerTasks):
    server = await servers.start(registration="invite")
    assert server.owner_link is not None
    code = server.owner_link.partition("#")[2]
    due = {"username": "due", "password": PASSWORD}
    async with server.client() as guesser, server.browser() as person:
        assert await last(guesser, RESET, {"code": "guess", "password": PASSWORD}) == "rate_limited"
        await post(person, "/api/v1/auth/owner", {**due, "code": code}, 201)
        made = await post(person, "/api/v1/invites", {}, 201)
        invite = {"invite": made["invite"]}
        assert await last(guesser, PREVIEW, {"invite": "guess"}) == "rate_limited"
        async with server.browser() as joining:
            await post(joining, PREVIEW, invite, 200)
            ana = {"username": "ana", "password": PASSWORD, **invite}
            await post(joining, "/api/v1/auth/register", ana, 201)
        assert await last(guesser, LOGIN, {**due, "password": "is it this one"}) == "rate_limited"
        assert code_of(await guesser.post(LOGIN, json=due)) == "rate_limited"
        await post(person, LOGIN, due, 200)


async def last(client: httpx.AsyncClient, path: str, guess: dict[str, str]) -> str:
    """Guess forty times; the code of the last refusal."""
    codes = [code_of(await client.post(path, json=guess)) for _ in range(40)]
    return codes[-1]


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, str], status: int
) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()
