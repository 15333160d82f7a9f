import httpx
import pytest


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/auth/sessions", "DELETE, GET, OPTIONS"),
        ("/api/v1/users/me", "GET, OPTIONS, PATCH"),
        ("/api/v1/chats/01a207c9-0696-7c3a-826b-3af89a683633", "DELETE, GET, OPTIONS, PATCH"),
        ("/healthz", "GET, OPTIONS"),
    ],
)
async def test_an_address_names_all_of_its_methods(
    client: httpx.AsyncClient, path: str, methods: str
):
    answer = await client.options(path)
    assert (answer.status_code, answer.headers["allow"]) == (204, methods)
    assert (await client.request("TRACE", path)).headers["allow"] == methods


async def test_where_nothing_is_there_is_no_method(client: httpx.AsyncClient):
    assert (await client.options("/api/v1/nothing")).status_code == 404
