from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.fakes import Running, code_of, register
from uptc_messenger.toolkit.ids import uuid7

CHATS = "/api/v1/chats"


class Person:
    """Somebody with a program that is logged in."""

    def __init__(self, http: httpx.AsyncClient, user_id: str) -> None:
        self.http = http
        self.user_id = user_id

    async def create(self, *others: "Person", **wanted: Any) -> dict[str, Any]:
        body = {"kind": "group", "title": "Redes", "member_ids": [p.user_id for p in others]}
        answer = await self.http.post(CHATS, json={**body, **wanted})
        assert answer.status_code == 201, answer.text
        return answer.json()


class People:
    """The people of a test, by name."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._clients: list[httpx.AsyncClient] = []

    async def come(self, name: str) -> Person:
        async with self._server.client() as stranger:
            made = await register(stranger, name)
        client = self._server.client(made["token"])
        self._clients.append(client)
        return Person(client, made["user"]["user_id"])

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


@pytest_asyncio.fixture
async def people(servers: Any) -> AsyncGenerator[People, None]:
    people = People(await servers.start(limits="off"))
    yield people
    await people.close()


async def test_a_chat_is_made_once(people: People):
    ana, ben = await people.come("ana"), await people.come("ben")
    chat_id = uuid7()
    wanted = {
        "kind": "group",
        "title": "Redes",
        "member_ids": [ben.user_id],
        "chat_id": chat_id,
    }

    first = await ana.http.post(CHATS, json=wanted)
    again = await ana.http.post(CHATS, json=wanted)
    other = await ben.http.post(CHATS, json=wanted)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json() == (await ana.http.get(f"{CHATS}/{chat_id}")).json()
    assert code_of(other) == "id_conflict"
    assert first.json()["role"] == "owner"
    assert first.json()["member_count"] == 2


async def test_a_direct_chat_is_found_again_with_its_last_message(people: People):
    ana, ben = await people.come("ana"), await people.come("ben")
    made = await ana.create(ben, kind="direct", title=None)
    url = f"{CHATS}/{made['chat_id']}/messages/{uuid7()}"
    await ana.http.put(url, json={"body": {"text": "hola"}})

    again = await ben.http.post(CHATS, json={"kind": "direct", "member_ids": [ana.user_id]})

    assert again.status_code == 200
    assert again.json()["chat_id"] == made["chat_id"]
    assert again.json()["peer_id"] == ana.user_id
    assert again.json()["last_message"]["body"] == {"text": "hola"}
    assert (again.json()["n"], again.json()["read_n"]) == (1, 0)


async def test_chats_are_listed_in_pages(people: People):
    ana = await people.come("ana")
    made = [(await ana.create(title=f"Curso {number}"))["chat_id"] for number in range(3)]
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        given = {} if cursor is None else {"cursor": cursor}
        page = (await ana.http.get(CHATS, params={"limit": 2, **given})).json()
        seen += [chat["chat_id"] for chat in page["chats"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=201", "?cursor=x", "?cursor=gqF1", "?page=2", "?limit=a"]
)
async def test_a_wrong_page_is_refused(people: People, query: str):
    ana = await people.come("ana")
    chat_id = (await ana.create())["chat_id"]
    for path in (CHATS, f"{CHATS}/{chat_id}/members"):
        answer = await ana.http.get(f"{path}{query}")
        assert (answer.status_code, code_of(answer)) == (400, "bad_request")


async def test_a_chat_is_changed_and_ended(people: People):
    ana, ben = await people.come("ana"), await people.come("ben")
    url = f"{CHATS}/{(await ana.create(ben))['chat_id']}"
    change = {"title": "Redes II", "settings": {"post": "admins"}}

    changed = await ana.http.patch(url, json=change)
    same = await ana.http.patch(url, json=change)
    refused = await ben.http.patch(url, json=change)
    not_ended = await ben.http.delete(url)
    ended = await ana.http.delete(url)
    gone = await ben.http.get(url)

    assert (changed.status_code, same.status_code) == (200, 200)
    assert changed.json() == same.json()
    assert (changed.json()["title"], changed.json()["seq"]) == ("Redes II", 1)
    assert changed.json()["settings"] == {"history": "all", "post": "admins", "receipts": True}
    assert code_of(refused) == code_of(not_ended) == "forbidden"
    assert (ended.status_code, ended.content) == (204, b"")
    assert code_of(gone) == "not_found"


async def test_members_come_change_and_go(people: People):
    ana, ben = await people.come("ana"), await people.come("ben")
    url = f"{CHATS}/{(await ana.create())['chat_id']}/members"
    mine = f"{url}/{ben.user_id}"

    added = await ana.http.put(mine, json={"role": "guest"})
    same = await ana.http.put(mine, json={"role": "guest"})
    raised = await ana.http.put(mine, json={"role": "member"})
    listed = (await ben.http.get(url, params={"limit": 1})).json()
    rest = (await ben.http.get(url, params={"cursor": listed["next_cursor"]})).json()
    last_owner = await ana.http.delete(f"{url}/{ana.user_id}")
    left = await ben.http.delete(mine)
    outside = await ben.http.get(url)

    assert [answer.status_code for answer in (added, same, raised)] == [200] * 3
    assert added.json() == same.json()
    assert set(added.json()) == {"user_id", "role", "joined_at"}
    roles = {m["user_id"]: m["role"] for m in listed["members"] + rest["members"]}
    assert roles == {ana.user_id: "owner", ben.user_id: "member"}
    assert rest["next_cursor"] is None
    assert code_of(last_owner) == "conflict"
    assert (left.status_code, left.content) == (204, b"")
    assert code_of(outside) == "not_found"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "group", "title": "a", "member_ids": [], "role": "owner"},
        {"kind": "group", "title": "a", "member_ids": [], "creator_id": uuid7()},
        {"kind": "group", "title": "a", "member_ids": ["../../etc"]},
        {"kind": "group", "title": "a", "member_ids": [], "chat_id": "1"},
        {"kind": "group", "title": 1, "member_ids": []},
        {"kind": "group", "title": "a" * 121, "member_ids": []},
        {"kind": "room", "title": "a", "member_ids": []},
        {"kind": "group", "title": "a"},
        {"kind": "group", "title": "a\u0000", "member_ids": []},
    ],
)
async def test_a_forged_or_wrong_creation_is_refused(people: People, body: dict[str, Any]):
    ana = await people.come("ana")
    answer = await ana.http.post(CHATS, json=body)
    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


async def test_who_is_outside_finds_nothing(people: People):
    ana, eve = await people.come("ana"), await people.come("eve")
    chat_id = (await ana.create())["chat_id"]

    async def knock(chat_id: str) -> list[tuple[int, bytes]]:
        url = f"{CHATS}/{chat_id}"
        answers = [
            await eve.http.get(url),
            await eve.http.patch(url, json={"title": "Mía"}),
            await eve.http.delete(url),
            await eve.http.get(f"{url}/members"),
            await eve.http.put(f"{url}/members/{eve.user_id}", json={"role": "owner"}),
            await eve.http.put(f"{url}/members/{ana.user_id}", json={"role": "guest"}),
            await eve.http.delete(f"{url}/members/{ana.user_id}"),
            await eve.http.delete(f"{url}/members/{eve.user_id}"),
        ]
        return [(answer.status_code, answer.content) for answer in answers]

    foreign, never = await knock(chat_id), await knock(uuid7())
    assert foreign == never
    assert {status for status, _ in foreign} == {404}
    assert (await eve.http.get(CHATS)).json() == {"chats": [], "next_cursor": None}


async def test_nobody_without_a_session(server: Running):
    async with server.client() as stranger:
        for answer in (
            await stranger.get(CHATS),
            await stranger.post(CHATS, json={"kind": "group", "title": "a", "member_ids": []}),
        ):
            assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")
