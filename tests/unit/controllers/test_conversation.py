import asyncio
import json

import pytest

from tests.fakes import Running, ServerTasks
from tests.talk import Talker, dial, person
from uptc_messenger.toolkit.ids import uuid7


async def test_a_retry_is_the_same_message(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = await ana.connect()
    name = uuid7()
    first = await talker.send(chat, "hola", message_id=name)
    again = await talker.send(chat, "hola", message_id=name)
    other = await talker.send(chat, "adiós", message_id=name)
    assert again["data"] == {**first["data"], "duplicate": True}
    assert other["code"] == "id_conflict"


async def test_commands_right_behind_the_hello_run_after_the_welcome(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = Talker(await dial(server))
    hello = {"type": "hello", "id": 1, "token": ana.token}
    await talker.say(hello, {"type": "view.set", "id": 2, "open": [chat]})
    await talker.hear("result", ref=2)
    assert [frame["type"] for frame in talker.heard] == ["welcome", "result"]


async def test_many_sends_in_one_frame_keep_their_order(servers: ServerTasks):
    server = await servers.start(limits="off")
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = await ana.watch(chat)
    sends = [
        {
            "type": "message.send",
            "id": n,
            "chat_id": chat,
            "message_id": uuid7(),
            "body": {"text": f"{n}"},
        }
        for n in range(100)
    ]
    await talker.say(*sends)
    await talker.hear("result", ref=99)
    results = [frame for frame in talker.heard if frame["type"] == "result"]
    assert [(r["ref"], r["data"]["seq"]) for r in results] == [(n, n + 1) for n in range(100)]
    events = [frame["seq"] for frame in talker.heard if frame["type"] == "event"]
    assert events == list(range(1, 101))


async def test_an_acknowledgement_of_what_was_never_sent_is_refused(server: Running):
    talker = await (await person(server, "ana")).connect()
    await talker.say({"type": "ack", "es": 50})
    assert (await talker.hear("error"))["code"] == "bad_request"


async def test_who_does_not_acknowledge_lags_and_recovers(servers: ServerTasks):
    server = await servers.start(websocket_window_events=8, limits="off")
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    silent, speaker = await ben.watch(chat), await ana.connect()
    for n in range(12):
        await speaker.send(chat, str(n))
    flow = await silent.hear("flow")
    assert (flow["state"], flow["dropped_from_es"]) == ("lagging", 9)
    await silent.say({"type": "ack", "es": 8})
    heads = await silent.hear("chat.head")
    assert heads["heads"][0]["seq"] == 12
    assert (await silent.hear("flow"))["state"] == "normal"
    missed = await silent.ask("sync", chats=[{"chat_id": chat, "from_seq": 8}])
    assert [item["seq"] for item in missed["items"]] == [9, 10, 11, 12]


async def test_a_ping_is_answered_with_the_heads_of_the_open_chats(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = await ana.watch(chat)
    await talker.send(chat, "uno")
    await talker.say({"type": "ping", "ts": 5})
    pong = await talker.hear("pong")
    assert (pong["ts"], pong["heads"]) == (5, [{"chat_id": chat, "seq": 1, "n": 1}])


async def test_a_removed_member_hears_nothing_more(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    speaker, removed = await ana.watch(chat), await ben.watch(chat)
    async with ana.http() as http:
        gone = await http.delete(f"/api/v1/chats/{chat}/members/{ben.user_id}")
    assert gone.status_code == 204
    await speaker.send(chat, "un secreto")
    await removed.hear("user.event", kind="chat.left")
    answer = await removed.ask("view.set", open=[chat])
    assert answer["code"] == "not_found"
    assert "un secreto" not in json.dumps(removed.heard)
    assert [f for f in removed.heard if f["type"] == "event"] == []


@pytest.mark.parametrize("action", ["logout", "others"])
async def test_a_session_that_ends_closes_its_socket(server: Running, action: str):
    ana = await person(server, "ana")
    async with server.client() as http:
        body = {"username": "ana", "password": "tres tazas de tinto"}
        second = (await http.post("/api/v1/auth/login", json=body)).json()["token"]
    talker = await ana.connect()
    token = ana.token if action == "logout" else second
    async with server.client(token) as http:
        if action == "logout":
            await http.post("/api/v1/auth/logout")
        else:
            await http.delete("/api/v1/auth/sessions")
    assert await talker.closed() == 4504
    again = Talker(await dial(server))
    await again.say({"type": "hello", "token": ana.token})
    assert await again.closed() == 4503


async def test_compressed_frames_read_the_same(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    plain = await ana.watch(chat)
    packed = Talker(await dial(server, compression="deflate"))
    await packed.say({"type": "hello", "token": ana.token, "view": {"open": [chat]}})
    await packed.hear("welcome")
    await plain.send(chat, "largo " * 500)
    event = await packed.hear("event")
    assert event["data"]["body"]["text"] == "largo " * 500
    assert event in plain.heard or event == await plain.hear("event")


async def test_the_end_of_the_server_is_announced(server: Running):
    talker = await (await person(server, "ana")).connect()
    server.application.stop()
    code = await asyncio.wait_for(talker.closed(), 20)
    away = [frame for frame in talker.heard if frame["type"] == "goaway"]
    assert (code, away[0]["reason"], away[0]["resume"]) == (4001, "drain", True)
