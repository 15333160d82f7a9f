import httpx

from tests.fakes import code_of
from uptc_messenger.controllers.parameters import placeholders

USERS = "/api/v1/users"


BAD_QUERIES = [
        "limit=0", "limit=201", "limit=-1", "limit=1.0", "limit=1e2", "limit=true", "limit=",
        "limit=%201", "limit=01", "limit=+1", "limit=0x10", "limit=null", "limit=9" * 40,
        "limit=1&limit=2", "q=a&q=b", "unknown=1", "principal=x", "backend=x", "user_id=x",
        "q=%00", "q=a%00b", "q=" + "x" * 101, "Limit=1", "limit[]=1", "=1", "data=1",
        "limit=%D9%A1",
]  # fmt: skip


async def test_a_query_of_another_form_is_a_bad_request(ana: httpx.AsyncClient):
    for query in BAD_QUERIES:
        answer = await ana.get(f"{USERS}?{query}")
        assert (answer.status_code, code_of(answer)) == (400, "bad_request"), query


async def test_the_documented_form_is_read(ana: httpx.AsyncClient):
    for query in ("", "limit=1", "limit=200", "q=", "q=%C3%B1", "q=%ff&limit=5"):
        assert (await ana.get(f"{USERS}?{query}")).status_code == 200, query


async def test_a_path_parameter_is_held_to_its_pattern(ana: httpx.AsyncClient):
    good = "01a207c9-0696-7c3a-826b-3af89a683633"
    assert code_of(await ana.get(f"{USERS}/{good}")) == "not_found"
    for bad in (good.upper(), good[:-1], good + "%0A", "x", "..%2f..", "%F0%9F%98%80"):
        answer = await ana.get(f"{USERS}/{bad}")
        assert answer.status_code in {400, 404}, bad
        assert code_of(answer) in {"bad_request", "not_found"}


async def test_a_missing_parameter_is_named(ana: httpx.AsyncClient):
    one = "01a207c9-0696-7c3a-826b-3af89a683633"
    answer = await ana.delete(f"/api/v1/chats/{one}/messages/{one}")
    assert code_of(answer) == "bad_request"
    assert "change_id" in answer.json()["detail"]


def test_names_in_braces_are_found():
    assert placeholders("/a/{user_id:str}/b/{n}") == ["user_id", "n"]
    assert placeholders("/a") == []
