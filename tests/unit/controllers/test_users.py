import httpx
import pytest

from tests.fakes import Running, code_of, register

ME = "/api/v1/users/me"
NAMED = "/api/v1/users/named"


@pytest.fixture
async def crowd(client: httpx.AsyncClient) -> None:
    for username, name in (
        ("mnunez", "María Núñez"),
        ("jose.b", "José Beltrán"),
        ("beto", "Alberto Nuñez"),
    ):
        await register(client, username, display_name=name)


async def usernames(client: httpx.AsyncClient, **query: object) -> list[str]:
    params = {name: str(value) for name, value in query.items()}
    answer = await client.get("/api/v1/users", params=params)
    assert answer.status_code == 200, answer.text
    return [user["username"] for user in answer.json()["users"]]


async def test_my_own_account_shows_what_only_i_may_see(ana: httpx.AsyncClient):
    me = (await ana.get(ME)).json()
    assert set(me) == {
        "user_id", "username", "display_name", "about", "locale", "role", "avatar_file_id",
        "hides_last_seen", "hides_receipts", "hides_previews",
    }  # fmt: skip


async def test_others_see_a_profile(
    server: Running, client: httpx.AsyncClient, ana: httpx.AsyncClient
):
    beto = await register(client, "beto", email="beto@example.edu")
    profile = (await ana.get(f"/api/v1/users/{beto['user']['user_id']}")).json()
    assert set(profile) == {"user_id", "username", "display_name", "about", "avatar_file_id"}


async def test_people_are_named_by_their_ids_in_that_order(
    client: httpx.AsyncClient, ana: httpx.AsyncClient
):
    ids = [(await register(client, name))["user"]["user_id"] for name in ("luis", "beto")]
    nobody = "01a207c9-0696-7c3a-826b-3af89a683633"
    asked = ",".join([*reversed(ids), nobody, ids[0]])
    found = (await ana.get(NAMED, params={"ids": asked})).json()
    assert [user["username"] for user in found["users"]] == ["beto", "luis"]
    assert found["next_cursor"] is None
    for wrong in ("", "x", f"{nobody},", ",".join([nobody] * 101)):
        assert code_of(await ana.get(NAMED, params={"ids": wrong})) == "bad_request"


async def test_who_does_not_exist_is_not_found(ana: httpx.AsyncClient):
    asked = [
        ("01a207c9-0696-7c3a-826b-3af89a683633", 404),
        ("me2", 400),
        ("%00", 400),
        ("A" * 36, 400),
    ]
    for user_id, status in asked:
        assert (await ana.get(f"/api/v1/users/{user_id}")).status_code == status, user_id


async def test_a_profile_is_changed_in_part(ana: httpx.AsyncClient):
    answer = await ana.patch(ME, json={"display_name": " Ana  Pérez ", "locale": "en"})
    assert answer.status_code == 200
    assert answer.json()["display_name"] == "Ana Pérez"
    assert answer.json()["locale"] == "en"
    assert (await ana.patch(ME, json={})).json() == answer.json()
    assert (await ana.get(ME)).json() == answer.json()


BAD_CHANGES: list[tuple[dict[str, object], int]] = [
    ({"role": "owner"}, 400),
    ({"username": "root"}, 400),
    ({"display_name": ""}, 400),
    ({"display_name": None}, 400),
    ({"locale": "fr"}, 400),
    ({"about": "x" * 501}, 400),
    ({"about": "a\0b"}, 400),
    ({"avatar_file_id": "01a207c9-0696-7c3a-826b-3af89a683633"}, 404),
]


async def test_a_change_that_is_not_good_changes_nothing(ana: httpx.AsyncClient):
    before = (await ana.get(ME)).json()
    for change, status in BAD_CHANGES:
        assert (await ana.patch(ME, json=change)).status_code == status, change
    assert (await ana.get(ME)).json() == before


FOUND: list[tuple[str, list[str]]] = [
    ("nunez", ["beto", "mnunez"]),
    ("NÚÑ", ["beto", "mnunez"]),
    ("mar nun", ["mnunez"]),
    ("jose", ["jose.b"]),
    ("belt", ["jose.b"]),
    ("eltran", []),
    ("%", []),
    ("_", []),
    ("'; --", []),
    ("", ["ana", "beto", "jose.b", "mnunez"]),
]


async def test_the_directory_is_blind_to_case_and_accents(crowd: None, ana: httpx.AsyncClient):
    for query, found in FOUND:
        assert await usernames(ana, q=query) == found, query


async def test_the_directory_comes_in_pages(crowd: None, ana: httpx.AsyncClient):
    first = (await ana.get("/api/v1/users", params={"limit": "3"})).json()
    assert [u["username"] for u in first["users"]] == ["ana", "beto", "jose.b"]
    rest = {"limit": "3", "cursor": first["next_cursor"]}
    second = (await ana.get("/api/v1/users", params=rest)).json()
    assert [u["username"] for u in second["users"]] == ["mnunez"]
    assert second["next_cursor"] is None


async def test_a_cursor_that_is_not_ours_is_refused(ana: httpx.AsyncClient):
    for cursor in ["", "x", "!!", "gaRuYW1l", "kpM", "a" * 600]:
        answer = await ana.get("/api/v1/users", params={"cursor": cursor})
        assert (answer.status_code, code_of(answer)) == (400, "bad_request"), cursor


async def test_searching_is_limited(ana: httpx.AsyncClient):
    statuses = [(await ana.get("/api/v1/users?q=a")).status_code for _ in range(61)]
    assert statuses.count(200) >= 60
    assert set(statuses) <= {200, 429}


async def test_nobody_is_shown_without_logging_in(client: httpx.AsyncClient):
    for path in (ME, "/api/v1/users", "/api/v1/users/01a207c9-0696-7c3a-826b-3af89a683633"):
        assert code_of(await client.get(path)) == "unauthenticated"
