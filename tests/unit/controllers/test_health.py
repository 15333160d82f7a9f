import httpx
import pytest

from tests.fakes import PASSWORD, Running, code_of, register

INSPECTED = ["/metrics", "/openapi.json"]
FAR = {"x-forwarded-for": "203.0.113.9"}


async def test_a_server_that_runs_is_alive_and_ready(client: httpx.AsyncClient):
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_server_that_stops_is_alive_and_not_ready(
    server: Running, client: httpx.AsyncClient
):
    server.application.backend.readiness.drain()
    assert (await client.get("/healthz")).status_code == 200
    answer = await client.get("/readyz")
    assert (answer.status_code, code_of(answer)) == (503, "unavailable")


@pytest.mark.parametrize("path", INSPECTED)
async def test_who_sits_at_the_machine_may_look(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("path", INSPECTED)
@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
async def test_who_comes_through_a_proxy_finds_nothing(
    client: httpx.AsyncClient, path: str, header: str
):
    answer = await client.get(path, headers={header: "203.0.113.9"})
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize("path", INSPECTED)
async def test_a_page_whose_name_points_at_this_machine_finds_nothing(
    client: httpx.AsyncClient, path: str
):
    answer = await client.get(path, headers={"host": "rebound.example"})
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize("path", INSPECTED)
async def test_administrators_may_look_from_anywhere(
    server: Running, client: httpx.AsyncClient, path: str
):
    await server.application.administration.add_user("rectora", "admin", PASSWORD)
    body = {"username": "rectora", "password": PASSWORD}
    admin = (await client.post("/api/v1/auth/login", json=body)).json()["token"]
    member = (await register(client, "ana"))["token"]
    for token, status in ((admin, 200), (member, 404), ("rubbish", 404)):
        headers = {**FAR, "authorization": f"Bearer {token}"}
        assert (await client.get(path, headers=headers)).status_code == status


async def test_metrics_are_for_prometheus(client: httpx.AsyncClient):
    await client.get("/healthz")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "http_requests_total" in answer.text
