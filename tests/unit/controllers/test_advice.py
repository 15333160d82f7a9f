import httpx
import pytest

from tests.fakes import PASSWORD, Running, ServerTasks, code_of, register

LAN = "192.168.1.5:8000"
PAGE = {"accept": "text/html,application/xhtml+xml"}


async def ask(server: Running, host: str, path: str = "/", **headers: str) -> httpx.Response:
    async with server.client(host=host, **{**PAGE, **headers}) as client:
        return await client.get(path)


async def test_over_plain_http_a_page_says_what_to_do_in_two_languages(server: Running):
    for path in ("/", "/login", "/chats/abc"):
        answer = await ask(server, LAN, path)
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert 'lang="es"' in answer.text
        assert "uptc-messenger setup chat.ejemplo.edu" in answer.text
        assert "Everybody else needs HTTPS" in answer.text
        assert LAN not in answer.text
        assert "style-src 'sha256-" in answer.headers["content-security-policy"]
        assert "strict-transport-security" not in answer.headers


async def test_on_this_machine_the_client_is_shown(server: Running):
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert (await ask(server, host)).status_code in {200, 503}  # 503: not built


async def test_programs_with_a_token_go_on(server: Running):
    async with server.client(host=LAN) as client:
        token = (await register(client, "ana"))["token"]
    async with server.client(token, host=LAN) as ana:
        assert (await ana.get("/api/v1/users/me")).json()["username"] == "ana"
        assert (await ana.get("/healthz")).status_code == 200


async def test_another_host_is_told_the_address_that_is_configured(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu")
    answer = await ask(server, "evil.example.org")
    assert answer.status_code == 421
    assert "<a href='https://chat.example.edu'>" in answer.text
    assert "evil" not in answer.text
    async with server.client(host="evil.example.org") as client:
        refused = await client.get("/api/v1/chats")
        body = {"username": "ana", "password": PASSWORD}
        login = await client.post("/api/v1/auth/login", json=body)
    assert (refused.status_code, code_of(refused)) == (421, "bad_request")
    assert (login.status_code, code_of(login)) == (421, "bad_request")


@pytest.mark.parametrize(
    ("said", "secure"), [(None, True), ("https", True), ("http", False), ("https, http", False)]
)
async def test_a_proxy_of_ours_says_how_its_client_came(
    servers: ServerTasks, said: str | None, secure: bool
):
    server = await servers.start(
        public_url="https://chat.example.edu", trusted_proxy=("127.0.0.1",)
    )
    headers = {} if said is None else {"x-forwarded-proto": said}
    answer = await ask(server, "chat.example.edu", **headers)
    assert (answer.status_code != 403) is secure
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_a_stranger_says_nothing_about_it(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu")
    answer = await ask(server, "chat.example.edu", **{"x-forwarded-proto": "http"})
    assert answer.status_code != 403


async def test_a_configured_address_without_https_helps_nobody(servers: ServerTasks):
    server = await servers.start(public_url="http://chat.lan")
    assert (await ask(server, "chat.lan")).status_code == 403
