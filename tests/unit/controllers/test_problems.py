import httpx
import msgspec
import pytest

from tests.fakes import code_of
from uptc_messenger.controllers import problems
from uptc_messenger.models.errors import PROBLEMS, NotFound, Problem, RateLimited


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.code)
def test_every_refusal_has_a_status_and_a_document(problem: type[Problem]):
    document = problems.details(problem(retry_after_ms=1))
    assert 400 <= document.status < 600
    assert document.status not in {422, 500, 507}
    assert document.code == problem.code
    assert document.title
    assert document.detail == problem.default
    assert document.retryable is problem.retryable
    assert document.retry_after_ms == 1


def test_every_status_belongs_to_a_refusal():
    assert set(problems.STATUS) == {problem.code for problem in PROBLEMS}


@pytest.mark.parametrize(("millis", "seconds"), [(1, "1"), (1000, "1"), (1001, "2"), (0, "0")])
def test_the_time_to_wait_is_rounded_up(millis: int, seconds: str):
    assert problems.headers(RateLimited(retry_after_ms=millis)) == {"retry-after": seconds}
    assert problems.headers(NotFound()) == {}


def test_what_is_not_there_is_not_written():
    document = msgspec.json.decode(msgspec.json.encode(problems.details(NotFound())))
    assert set(document) == {"type", "title", "status", "detail", "code", "retryable"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/auth/login", {"OPTIONS", "POST"}),
        ("TRACE", "/api/v1/users/me", {"GET", "OPTIONS", "PATCH"}),
        ("POST", "/healthz", {"GET", "OPTIONS"}),
    ],
)
async def test_a_method_that_is_not_there_is_refused_with_those_that_are(
    client: httpx.AsyncClient, method: str, path: str, allowed: set[str]
):
    answer = await client.request(method, path)
    assert (answer.status_code, code_of(answer)) == (405, "bad_request")
    assert allowed <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/users", "/api/v1/users/me/x", "/api/v1/%2e%2e/x"]
)
async def test_an_address_that_is_not_there_is_not_found(client: httpx.AsyncClient, path: str):
    for method in ("GET", "POST", "DELETE"):
        answer = await client.request(method, path)
        assert answer.status_code in {404, 405}
        assert code_of(answer) in {"not_found", "bad_request"}


async def test_a_refusal_over_http_has_the_documented_form(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/users/me")
    document = answer.json()
    assert document["type"] == "about:blank"
    assert document["status"] == 401
    assert document["retryable"] is False
