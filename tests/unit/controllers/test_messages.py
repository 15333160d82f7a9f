from typing import Any

import httpx
import pytest

from tests.fakes import Running, code_of
from tests.talk import Person, person
from uptc_messenger.toolkit.ids import uuid7


async def put(
    http: httpx.AsyncClient, chat: str, text: str, name: str | None = None, **fields: Any
) -> httpx.Response:
    path = f"/api/v1/chats/{chat}/messages/{name or uuid7()}"
    return await http.put(path, json={"body": {"text": text}, **fields})


async def write(who: Person, chat: str, count: int) -> list[str]:
    names = [uuid7() for _ in range(count)]
    async with who.http() as http:
        for number, name in enumerate(names, 1):
            assert (await put(http, chat, f"mensaje {number}", name)).status_code == 201
    return names


async def test_a_message_is_sent_once(server: Running):
    ana = await person(server, "ana")
    chat, name = await ana.found(), uuid7()
    async with ana.http() as http:
        first = await put(http, chat, "hola", name)
        again = await put(http, chat, "hola", name)
        other = await put(http, chat, "adiós", name)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["body"] == {"text": "hola"}
    assert again.json() == {**first.json(), "duplicate": True}
    assert (other.status_code, code_of(other)) == (409, "id_conflict")


async def test_pages_go_both_ways_and_around(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    await write(ana, chat, 7)

    async def page(**query: int) -> tuple[list[int], bool, bool | None]:
        answer = (await http.get(f"/api/v1/chats/{chat}/messages", params=query)).json()
        return [m["seq"] for m in answer["messages"]], answer["more"], answer.get("more_after")

    async with ana.http() as http:
        assert await page(limit=3) == ([5, 6, 7], True, None)
        assert await page(before_seq=5, limit=10) == ([1, 2, 3, 4], False, None)
        assert await page(after_seq=5) == ([6, 7], False, False)
        assert await page(around_seq=4, limit=2) == ([4, 5], True, True)
        refused = await http.get(
            f"/api/v1/chats/{chat}/messages", params={"before_seq": 1, "after_seq": 1}
        )
    assert code_of(refused) == "bad_request"


async def test_a_reply_quotes(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    [first] = await write(ana, chat, 1)
    async with ana.http() as http:
        reply = (await put(http, chat, "sí", reply_to=first)).json()
        missing = await put(http, chat, "¿a qué?", reply_to=uuid7())
    assert reply["reply_to"]["excerpt"] == "mensaje 1"
    assert code_of(missing) == "not_found"


async def test_changes_over_http(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    [name] = await write(ana, chat, 1)
    path = f"/api/v1/chats/{chat}/messages/{name}"
    async with ana.http() as http:
        edit = {"body": {"text": "corregido"}, "change_id": uuid7()}
        assert (await http.patch(path, json=edit)).json() == {"seq": 2, "revision": 2}
        assert (await http.put(f"{path}/reactions/🎓")).json() == {"seq": 3}
        assert (await http.put(f"{path}/reactions/🎓")).json() == {"duplicate": True}
        assert code_of(await http.put(f"{path}/reactions/ok")) == "bad_request"
        assert (await http.delete(f"{path}/reactions/🎓")).json() == {"seq": 4}
        gone = await http.delete(path, params={"change_id": uuid7()})
        assert (gone.status_code, gone.json()["seq"]) == (200, 5)
        events = (await http.get(f"/api/v1/chats/{chat}/events?after_seq=1")).json()
        kept = (await http.get(f"/api/v1/chats/{chat}/messages")).json()["messages"]
    assert [event["seq"] for event in events["events"]] == [2, 3, 4, 5]
    assert (events["to_seq"], events["more"], events["reset"]) == (5, False, False)
    assert (kept[0]["deleted"], kept[0]["body"]) == (True, None)


async def test_reading_is_marked_and_shown(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    await write(ana, chat, 3)
    path = f"/api/v1/chats/{chat}"
    async with ben.http() as http:
        assert (await http.put(f"{path}/read", json={"n": 2})).status_code == 204
        assert (await http.get(path)).json()["read_n"] == 2
        await http.put(f"{path}/read", json={"n": 1})
        assert (await http.get(path)).json()["read_n"] == 2
        await http.put(f"{path}/read", json={"n": 1, "force": True})
        receipts = (await http.get(f"{path}/receipts")).json()["receipts"]
    assert {r["user_id"]: r["n"] for r in receipts} == {ana.user_id: 3, ben.user_id: 1}


@pytest.mark.parametrize("tail", ["messages", "events", "receipts"])
async def test_a_stranger_reads_nothing(server: Running, tail: str):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    chat = await ana.found()
    async with eve.http() as http:
        foreign = await http.get(f"/api/v1/chats/{chat}/{tail}")
        absent = await http.get(f"/api/v1/chats/{uuid7()}/{tail}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
