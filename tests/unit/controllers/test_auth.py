import httpx
import pytest

from tests.fakes import PASSWORD, Running, ServerTasks, code_of, register

LOGIN = "/api/v1/auth/login"
REGISTER = "/api/v1/auth/register"


async def log_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD):
    return await client.post(LOGIN, json={"username": username, "password": password})


async def test_a_program_registers_and_gets_a_token_and_no_cookie(client: httpx.AsyncClient):
    answer = await client.post(REGISTER, json={"username": "Ana.P", "password": PASSWORD})
    assert answer.status_code == 201
    body = answer.json()
    assert body["user"]["username"] == "ana.p"
    assert body["user"]["display_name"] == "Ana.P"
    assert body["session"]["current"] is True
    assert len(body["token"]) >= 22
    assert "set-cookie" not in answer.headers


async def test_a_browser_gets_a_cookie_and_no_token(server: Running):
    async with server.browser() as browser:
        body = await register(browser, "ana")
        assert "token" not in body
        assert {"session", "device"} == set(browser.cookies)
        assert (await browser.get("/api/v1/users/me")).json()["username"] == "ana"


async def test_the_cookie_on_loopback_is_http_only_and_lax(server: Running):
    async with server.browser() as browser:
        answer = await browser.post(REGISTER, json={"username": "ana", "password": PASSWORD})
        session = next(c for c in answer.headers.get_list("set-cookie") if "session=" in c)
        assert "HttpOnly" in session
        assert "Path=/" in session
        assert "SameSite=lax" in session
        assert "Secure" not in session
        assert "Domain" not in session


async def test_elsewhere_the_cookie_has_the_host_prefix_and_is_secure(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu")
    page = {"host": "chat.example.edu", "origin": "https://chat.example.edu"}
    async with server.client(**page) as browser:
        body = {"username": "ana", "password": PASSWORD}
        answer = await browser.post(REGISTER, json=body)
        session = next(c for c in answer.headers.get_list("set-cookie") if "session=" in c)
        assert session.startswith("__Host-session=")
        assert "Secure" in session


async def test_a_taken_username_is_a_conflict(client: httpx.AsyncClient):
    await register(client, "ana")
    answer = await client.post(REGISTER, json={"username": "ANA", "password": PASSWORD})
    assert (answer.status_code, code_of(answer)) == (409, "conflict")


BAD_REGISTRATIONS: list[dict[str, object]] = [
    {"username": "an"},
    {"username": "a" * 33},
    {"username": "ana perez"},
    {"username": "ana\n"},
    {"username": "núñez"},
    {"password": "short"},
    {"password": "contraseña123"},
    {"password": "x" * 1025},
    {"password": 12345678},
    {"email": "no address"},
    {"display_name": " \t "},
    {"display_name": "a\u202eb"},
    {"role": "owner"},
    {"user_id": "01a207c9-0696-7c3a-826b-3af89a683633"},
]


async def test_a_registration_that_is_not_good_makes_nothing(client: httpx.AsyncClient):
    good = {"username": "ana", "password": PASSWORD}
    for fields in BAD_REGISTRATIONS:
        answer = await client.post(REGISTER, json={**good, **fields})
        assert (answer.status_code, code_of(answer)) == (400, "bad_request"), fields
    assert (await log_in(client, "ana")).status_code == 401


@pytest.mark.parametrize("registration", ["invite", "closed"])
async def test_registration_without_an_invitation_is_refused(
    servers: ServerTasks, registration: str
):
    server = await servers.start(registration=registration)
    async with server.client() as client:
        answer = await client.post(REGISTER, json={"username": "ana", "password": PASSWORD})
        assert (answer.status_code, code_of(answer)) == (403, "forbidden")


async def test_a_bad_invitation_makes_no_account(client: httpx.AsyncClient):
    body = {"username": "ana", "password": PASSWORD, "invite": "nobody-made-this"}
    answer = await client.post(REGISTER, json=body)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert (await log_in(client, "ana")).status_code == 401


async def test_login_answers_alike_for_a_wrong_password_and_for_nobody(client: httpx.AsyncClient):
    await register(client, "ana")
    wrong = await log_in(client, "ana", "another password")
    nobody = await log_in(client, "nobody", "another password")
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()
    assert code_of(wrong) == "unauthenticated"


async def test_login_gives_a_new_token_each_time(client: httpx.AsyncClient):
    first = (await register(client, "ana"))["token"]
    second = (await log_in(client, " ana".strip())).json()["token"]
    assert first != second


async def test_a_very_long_password_is_refused_without_a_hash(client: httpx.AsyncClient):
    await register(client, "ana")
    assert code_of(await log_in(client, "ana", "x" * 4000)) == "bad_request"


async def test_logging_out_ends_this_session_alone(server: Running, client: httpx.AsyncClient):
    token = (await register(client, "ana"))["token"]
    other = (await log_in(client, "ana")).json()["token"]
    async with server.client(token) as one, server.client(other) as two:
        assert (await one.post("/api/v1/auth/logout")).status_code == 204
        assert code_of(await one.get("/api/v1/users/me")) == "unauthenticated"
        assert (await two.get("/api/v1/users/me")).status_code == 200


async def test_logging_out_clears_the_browser(server: Running):
    async with server.browser() as browser:
        await register(browser, "ana")
        answer = await browser.post("/api/v1/auth/logout")
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        assert "session" not in browser.cookies
        assert (await browser.get("/api/v1/users/me")).status_code == 401


async def test_a_new_password_ends_every_other_session_and_renews_this_one(
    server: Running, client: httpx.AsyncClient
):
    token = (await register(client, "ana"))["token"]
    other = (await log_in(client, "ana")).json()["token"]
    body = {"old_password": PASSWORD, "new_password": "otras cinco palabras"}
    async with server.client(token) as one, server.client(other) as two:
        answer = await one.post("/api/v1/auth/password", json=body)
        assert answer.status_code == 200
        assert answer.json()["session"]["current"] is True
        for ended in (one, two):
            assert code_of(await ended.get("/api/v1/users/me")) == "unauthenticated"
    async with server.client(answer.json()["token"]) as renewed:
        assert (await renewed.get("/api/v1/users/me")).status_code == 200
    assert (await log_in(client, "ana")).status_code == 401
    assert (await log_in(client, "ana", "otras cinco palabras")).status_code == 200


async def test_a_new_password_needs_the_old_one(ana: httpx.AsyncClient):
    body = {"old_password": "not this one", "new_password": "otras cinco palabras"}
    answer = await ana.post("/api/v1/auth/password", json=body)
    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


async def test_the_devices_are_listed_and_ended(server: Running, client: httpx.AsyncClient):
    token = (await register(client, "ana"))["token"]
    body = {"username": "ana", "password": PASSWORD, "device": "Teléfono"}
    second = (await client.post(LOGIN, json=body)).json()
    async with server.client(token) as one:
        listed = (await one.get("/api/v1/auth/sessions")).json()
        assert listed["next_cursor"] is None
        assert {s["device"] for s in listed["sessions"]} == {"python-httpx", "Teléfono"}
        path = f"/api/v1/auth/sessions/{second['session']['session_id']}"
        assert (await one.delete(path)).status_code == 204
        assert code_of(await one.delete(path)) == "not_found"
        assert len((await one.get("/api/v1/auth/sessions")).json()["sessions"]) == 1


async def test_all_other_devices_are_ended_at_once(server: Running, client: httpx.AsyncClient):
    token = (await register(client, "ana"))["token"]
    for _ in range(3):
        await log_in(client, "ana")
    async with server.client(token) as one:
        assert (await one.delete("/api/v1/auth/sessions")).status_code == 204
        left = (await one.get("/api/v1/auth/sessions")).json()["sessions"]
        assert [s["current"] for s in left] == [True]


async def test_nobody_ends_the_session_of_another(
    server: Running, client: httpx.AsyncClient, ana: httpx.AsyncClient
):
    foreign = await register(client, "eve")
    path = f"/api/v1/auth/sessions/{foreign['session']['session_id']}"
    never = "/api/v1/auth/sessions/01a207c9-0696-7c3a-826b-3af89a683633"
    refused, unknown = await ana.delete(path), await ana.delete(never)
    assert refused.status_code == unknown.status_code == 404
    assert refused.json() == unknown.json()
    async with server.client(foreign["token"]) as eve:
        assert (await eve.get("/api/v1/users/me")).status_code == 200


@pytest.mark.parametrize("shared", [False, True])
async def test_a_shared_computer_keeps_no_cookie(
    server: Running, client: httpx.AsyncClient, *, shared: bool
):
    await register(client, "ana")
    body = {"username": "ana", "password": PASSWORD, "shared": shared}
    async with server.browser() as browser:
        answer = await browser.post("/api/v1/auth/login", json=body)
    given = {line.partition("=")[0]: line for line in answer.headers.get_list("set-cookie")}
    assert given.keys() == ({"session"} if shared else {"session", "device"})
    assert ("Max-Age" in given["session"]) is not shared


async def test_the_link_of_the_first_start_makes_the_owner_once(server: Running):
    assert server.owner_link is not None
    code = server.owner_link.partition("#")[2]
    body = {"code": code, "username": "rectora", "password": PASSWORD}
    async with server.client() as client:
        named = {**body, "display_name": "Rosa Páez"}
        answer = await client.post("/api/v1/auth/owner", json=named)
        assert answer.status_code == 201
        user = answer.json()["user"]
        assert (user["role"], user["display_name"]) == ("owner", "Rosa Páez")
        again = await client.post("/api/v1/auth/owner", json={**body, "username": "otra"})
        assert (again.status_code, code_of(again)) == (404, "not_found")


async def test_a_reset_code_sets_a_password_and_ends_every_session(
    server: Running, client: httpx.AsyncClient, ana: httpx.AsyncClient
):
    code = (await server.application.administration.issue_reset_code("ana")).code
    body = {"code": code, "password": "otras cinco palabras"}
    answer = await client.post("/api/v1/auth/reset", json=body)
    assert answer.status_code == 200
    assert answer.json()["user"]["username"] == "ana"
    assert code_of(await ana.get("/api/v1/users/me")) == "unauthenticated"
    assert (await log_in(client, "ana", "otras cinco palabras")).status_code == 200
    assert code_of(await client.post("/api/v1/auth/reset", json=body)) == "not_found"


async def test_a_disabled_account_is_told_so_only_after_the_right_password(
    server: Running, client: httpx.AsyncClient, ana: httpx.AsyncClient
):
    await server.application.administration.set_disabled("ana", disabled=True)
    assert code_of(await ana.get("/api/v1/users/me")) == "unauthenticated"
    assert code_of(await log_in(client, "ana")) == "forbidden"
    assert code_of(await log_in(client, "ana", "not this one")) == "unauthenticated"
