from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from litestar import Request

from tests.fakes import PASSWORD, Running, ServerTasks, code_of
from uptc_messenger.controllers import attempts
from uptc_messenger.database.schema import codes, invites
from uptc_messenger.models.errors import NotFound, RateLimited, Unauthenticated

LOGIN = "/api/v1/auth/login"
RESET = "/api/v1/auth/reset"
REGISTER = "/api/v1/auth/register"
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
    return [code_of(await client.post(path, json=guess)) for _ in range(40)][-1]


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, str], status: int
) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def guess_codes(server: Running, *forwarded: str) -> list[str]:
    """Guess once for each value of X-Forwarded-For; the codes of the refusals."""
    refusals: list[str] = []
    async with server.client() as client:
        for value in forwarded:
            headers = {"x-forwarded-for": value, "forwarded": f"for={value}"}
            body = {"code": "guess", "password": PASSWORD}
            refusals.append(code_of(await client.post(RESET, json=body, headers=headers)))
    return refusals


async def test_forwarding_headers_of_a_stranger_buy_no_guesses(server: Running):
    refusals = await guess_codes(server, *(f"203.0.113.{n}" for n in range(12)))
    assert refusals == ["not_found"] * 10 + ["rate_limited"] * 2


async def test_behind_a_proxy_of_ours_each_client_has_its_own_limit(servers: ServerTasks):
    server = await servers.start(trusted_proxy=("127.0.0.1",))
    spoofed = [f"6.6.6.{n}, 203.0.113.1" for n in range(11)]
    assert await guess_codes(server, *spoofed) == ["not_found"] * 10 + ["rate_limited"]
    assert await guess_codes(server, "203.0.113.2") == ["not_found"]


async def test_an_ipv6_subscriber_is_one_client(servers: ServerTasks):
    server = await servers.start(trusted_proxy=("127.0.0.1",))
    addresses = [f"2001:db8::{n:x}" for n in range(11)]
    assert (await guess_codes(server, *addresses))[-1] == "rate_limited"
    assert await guess_codes(server, "2001:db8:0:1::1") == ["not_found"]


async def test_whatever_is_wrong_with_a_link_is_said_in_one_sentence(servers: ServerTasks):
    server = await servers.start(registration="invite")
    backend = server.application.backend
    assert server.owner_link is not None
    code = server.owner_link.partition("#")[2]
    due = {"username": "due", "password": PASSWORD}
    async with server.browser() as person:
        await post(person, "/api/v1/auth/owner", {**due, "code": code}, 201)
        said: set[str] = set()
        expired = await made(person, expires_in_s=60)
        await backend.database.write(lambda tx: tx.run(sa.update(invites).values(expires_at=1)))
        used = await made(person, max_uses=1)
        await post(person, REGISTER, {**due, "username": "ana", "invite": used["invite"]}, 201)
    async with server.client() as owner:
        token = (await post(owner, LOGIN, due, 200))["token"]
    async with server.client(token) as owner:
        revoked = await made(owner)
        await owner.delete(f"/api/v1/invites/{revoked['invite_id']}")
        for secret in (expired["invite"], used["invite"], revoked["invite"], "guessed"):
            said.add((await post(owner, PREVIEW, {"invite": secret}, 404))["detail"])
            eve = {"username": "eve", "password": PASSWORD, "invite": secret}
            said.add((await post(owner, REGISTER, eve, 404))["detail"])
        assert said == {"This invitation does not exist or is no longer valid."}
        administration = server.application.administration
        older = (await administration.issue_reset_code("ana")).code
        newer = (await administration.issue_reset_code("ana")).code
        fresh = {"password": "otras cinco palabras"}
        await post(owner, RESET, {**fresh, "code": newer}, 200)
        last_one = (await administration.issue_reset_code("ana")).code
        await backend.database.write(lambda tx: tx.run(sa.update(codes).values(expires_at=1)))
        for secret in (older, newer, last_one, code, "guessed"):
            answer = await post(owner, RESET, {**fresh, "code": secret}, 404)
            assert answer["detail"] == "This code is not valid, or no longer."


async def made(client: httpx.AsyncClient, **wanted: int) -> dict[str, Any]:
    answer = await client.post("/api/v1/invites", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()
