import asyncio

import httpx
import pytest

from tests.fakes import Running, ServerTasks, code_of
from uptc_messenger.controllers.readiness import Readiness

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/users/me", "/api/v1/nothing", "/nothing.js", "/healthz", "/metrics"]
)
async def test_every_answer_has_the_headers_of_a_safe_page(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert len(answer.headers["x-request-id"]) == 36
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers


async def test_over_tls_browsers_are_told_to_stay_there(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu/")
    async with server.client(host="chat.example.edu") as client:
        answer = await client.get("/healthz")
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")


async def test_nothing_of_the_api_is_kept_by_caches(ana: httpx.AsyncClient):
    for path in ("/api/v1/users/me", "/api/v1/nothing", "/readyz"):
        assert (await ana.get(path)).headers["cache-control"] == "no-store"


async def test_hosts_that_are_not_ours_are_not_served(servers: ServerTasks):
    server = await servers.start(public_url="https://chat.example.edu")
    async with server.client() as client:
        for host in ("evil.example.org", "chat.example.edu.evil.org", "chat.example.edu:1", ""):
            for path in ("/", "/api/v1/users/me", "/healthz"):
                answer = await client.get(path, headers={"host": host})
                assert answer.status_code in {400, 421}, host
                assert code_of(answer) == "bad_request"
        for host in ("chat.example.edu", "127.0.0.1:1", "localhost"):
            assert (await client.get("/healthz", headers={"host": host})).status_code == 200


async def test_a_bug_is_a_sentence_and_a_number_to_find_it_by(
    server: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    async def broken(_: Readiness) -> str | None:
        raise LookupError("what somebody wrote")

    monkeypatch.setattr(Readiness, "obstacle", broken)
    async with server.client() as client:
        answer = await client.get("/readyz")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "LookupError" not in answer.text
        assert "what somebody wrote" not in answer.text
        assert (await client.get("/healthz")).status_code == 200
    assert answer.headers["x-request-id"] in capsys.readouterr().out


async def test_answers_are_counted_by_route_never_by_path(server: Running):
    async with server.client() as client:
        await client.get("/api/v1/users/01a207c9-0696-7c3a-826b-3af89a683633")
        await client.get("/somewhere/else.txt")
        text = (await client.get("/metrics")).text
    assert 'route="/api/v1/users/{user_id}",status="401"' in text
    assert 'route="static",status="404"' in text
    assert "01a207c9" not in text
    assert "somewhere" not in text


async def test_who_is_not_done_with_asking_when_the_server_stops_is_told_so(servers: ServerTasks):
    server = await servers.start()
    server.application.server.config.timeout_graceful_shutdown = 0
    host, port = server.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, port)
    head = f"POST /api/v1/auth/login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 500\r\n"
    writer.write(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
    async with server.client() as client:
        await client.get("/healthz")  # by now the other request is being answered
    server.application.stop()
    answer = (await reader.read()).decode()
    assert answer.startswith("HTTP/1.1 503 ")
    assert '"code":"unavailable"' in answer
    writer.close()
