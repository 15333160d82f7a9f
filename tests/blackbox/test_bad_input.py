"""Whatever a client sends is refused with a code and a sentence, and the server goes on."""

import json

import pytest

from tests.blackbox.people import Answer, Person, Socket, Town, is_frame, new_id

DEEP = "[" * 100_000 + "]" * 100_000
TEXT = '{"body": {"text": %s}}'
BODIES: dict[str, str | bytes] = {
    "empty": "",
    "not JSON": "hola",
    "cut off": '{"body": {"text": "a',
    "null": "null",
    "an array": "[]",
    "a string": '"hola"',
    "a number": "17",
    "body missing": "{}",
    "text missing": '{"body": {}}',
    "text is a number": TEXT % "1",
    "text is null": TEXT % "null",
    "text is an object": TEXT % '{"$ne": ""}',
    "text is empty": TEXT % '""',
    "text is white space": TEXT % '" \\n\\t "',
    "text too long": TEXT % json.dumps("ñ" * 8_193),
    "lone surrogate": TEXT % '"\\ud800"',
    "U+0000": TEXT % '"a\\u0000b"',
    "raw control character": TEXT % '"a\x01b"',
    "NaN": TEXT % "NaN",
    "infinity": TEXT % "1e999",
    "a number of 5,000 digits": TEXT % ("9" * 5_000),
    "not UTF-8": b'{"body": {"text": "\xff\xfe"}}',
    "byte order mark": b'\xef\xbb\xbf{"body": {"text": "a"}}',
    "nested 100,000 deep": DEEP,
    "text nested 100,000 deep": TEXT % DEEP,
    "unknown field": '{"body": {"text": "a"}, "sender_id": "x"}',
    "unknown field inside": '{"body": {"text": "a", "html": "b"}}',
    "100,000 unknown fields": "{" + ",".join(f'"k{n}":1' for n in range(60_000)) + "}",
    "reply_to is no id": '{"body": {"text": "a"}, "reply_to": "1"}',
    "file_ids is no list": '{"body": {"text": "a"}, "file_ids": "x"}',
}
FRAMES: dict[str, str] = {
    "empty": "",
    "not JSON": "hola",
    "cut off": '{"type": "ping"',
    "null": "null",
    "a number": "17",
    "a string": '"ping"',
    "an array in an array": "[[]]",
    "no type": '{"id": 7}',
    "unknown type": '{"type": "message.forge", "id": 7}',
    "type is a number": '{"type": 3, "id": 7}',
    "unknown field": '{"type": "ping", "id": 7, "admin": true}',
    "missing fields": '{"type": "message.send", "id": 7}',
    "chat_id is an object": '{"type": "typing", "id": 7, "chat_id": {}, "on": true}',
    "on is a number": '{"type": "typing", "id": 7, "chat_id": "x", "on": 1}',
    "es is negative": '{"type": "ack", "id": 7, "es": -1}',
    "es is NaN": '{"type": "ack", "id": 7, "es": NaN}',
    "es is infinite": '{"type": "ack", "id": 7, "es": 1e999}',
    "es was never sent": '{"type": "ack", "id": 7, "es": 9007199254740991}',
    "a lone surrogate": '{"type": "presence.set", "id": 7, "state": "idle", "text": "\\ud800"}',
    "U+0000": '{"type": "presence.set", "id": 7, "state": "idle", "text": "\\u0000"}',
    "id too long": '{"type": "ping", "id": "%s"}' % ("x" * 65),
    "id is a list": '{"type": "ping", "id": []}',
    "nested 30,000 deep": "[" * 30_000 + "]" * 30_000,
    "129 commands": "[" + ",".join(['{"type": "ping"}'] * 129) + "]",
    "a level that is none": '{"type": "view.set", "id": 7, "levels": {"x": "full"}}',
    "sync of 501": '{"type": "sync", "id": 7, "chats": [], "limit": 501}',
}
READABLE = {"unknown field", "missing fields", "unknown type", "es is negative", "on is a number"}


def refused(answer: Answer, *codes: str) -> None:
    """The answer is a refusal with one of these codes, in the documented form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer["code"] in codes, answer.text
    assert answer["status"] == answer.status < 500
    assert answer["detail"].endswith("."), answer["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", BODIES)
async def test_a_body_that_is_wrong_is_refused_and_nothing_is_stored(town: Town, name: str):
    ana = await town.person()
    chat_id = await ana.found()
    path = f"/chats/{chat_id}/messages/{new_id()}"
    headers = {"content-type": "application/json"}
    answer = await ana.call("PUT", path, content=BODIES[name], headers=headers)
    refused(answer, "bad_request", "too_large")
    assert await ana.read(chat_id) == []
    assert (await ana.post(chat_id, "sigue en pie"))["seq"] == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/xml"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
    ids=["text", "form", "xml", "gzip", "none"],
)
async def test_a_body_that_is_not_json_is_unsupported(town: Town, headers: dict[str, str]):
    ana = await town.person()
    chat_id = await ana.found()
    path = f"/chats/{chat_id}/messages/{new_id()}"
    answer = await ana.call("PUT", path, content=b'{"body": {"text": "a"}}', headers=headers)
    refused(answer, "unsupported")
    assert answer.status == 415


async def test_a_body_of_two_mebibytes_is_too_large(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    body = {"body": {"text": "a" * 2_097_152}}
    answer = await ana.call("PUT", f"/chats/{chat_id}/messages/{new_id()}", json=body)
    refused(answer, "too_large")
    assert answer.status == 413


@pytest.mark.parametrize("bad", ["1", "x" * 36, "..", "%00", "A" * 5_000, "null", "%F0%9F%98%80"])
async def test_an_id_that_is_none_is_refused_in_every_slot(town: Town, bad: str):
    ana = await town.person()
    chat_id = await ana.found()
    for path in (
        f"/chats/{bad}",
        f"/chats/{bad}/messages",
        f"/chats/{chat_id}/messages/{bad}/revisions",
        f"/users/{bad}",
    ):
        refused(await ana.call("GET", path), "bad_request", "not_found", "unsupported")
    refused(await ana.call("DELETE", f"/auth/sessions/{bad}"), "bad_request", "not_found")


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=201", "limit=abc", "limit=1e1", "limit=", "limit=5&limit=5"),
        *("before_seq=-1", "after_seq=99999999999999999999", "before_seq=1&after_seq=1"),
        "nada=1",
    ],
)
async def test_a_query_that_is_wrong_is_refused(town: Town, query: str):
    ana = await town.person()
    chat_id = await ana.found()
    refused(await ana.call("GET", f"/chats/{chat_id}/messages?{query}"), "bad_request")


async def test_what_is_not_there_is_not_found(town: Town):
    ana = await town.person()
    for path in ("/nada", "//api/v2/users/me", "//api", "//echo", "/ws/nada"):
        refused(await ana.call("GET", path), "not_found")


@pytest.mark.parametrize("method", ["TRACE", "POST", "DELETE", "PROPFIND"])
async def test_a_method_that_is_not_there_is_refused(town: Town, method: str):
    ana = await town.person()
    answer = await ana.call(method, "/users/me")
    assert 400 <= answer.status < 500
    assert answer["code"] in {"unsupported", "not_found", "bad_request"}


@pytest.mark.parametrize("name", FRAMES)
async def test_a_frame_that_is_wrong_is_refused_and_the_socket_goes_on(town: Town, name: str):
    ana = await town.person()
    socket = await ana.connect()
    await socket.connection.send(FRAMES[name])
    error = await socket.hear(is_frame("error"))
    assert error["code"] in {"bad_request", "too_large"}
    assert error["message"].endswith(".")
    if name in READABLE:
        assert error["ref"] == 7
    await _goes_on(ana, socket)


async def test_one_wrong_command_in_an_array_does_not_hurt_its_neighbours(town: Town):
    ana = await town.person()
    socket = await ana.connect()
    await socket.send(
        {"type": "ping", "ts": 1}, {"type": "nada", "id": 2}, {"type": "ping", "ts": 3}
    )
    assert (await socket.hear(is_frame("error")))["ref"] == 2
    assert [(await socket.hear(is_frame("pong")))["ts"] for _ in range(2)] == [1, 3]


async def test_ids_of_nobody_are_not_found_and_the_socket_goes_on(town: Town):
    ana = await town.person()
    socket = await ana.connect()
    named = {"chat_id": new_id(), "message_id": new_id()}
    answers = [
        await socket.say(new_id(), "hola"),
        await socket.ask("message.edit", **named, change_id=new_id(), body={"text": "a"}),
        await socket.ask("message.delete", **named, change_id=new_id()),
        await socket.ask("reaction.set", **named, emoji="👍", on=True),
        await socket.ask("read.set", chat_id=new_id(), n=1),
        await socket.ask("view.set", open=[new_id()]),
        await socket.ask("typing", chat_id=new_id(), on=True),
        await socket.ask("sync", chats=[{"chat_id": new_id(), "from_seq": 0}]),
    ]
    assert [answer.get("code") for answer in answers] == ["not_found"] * len(answers)
    await _goes_on(ana, socket)


async def test_commands_before_hello_are_refused_and_hello_still_works(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    socket = await town.open()
    assert (await socket.say(chat_id, "sin saludar"))["code"] == "unauthenticated"
    assert (await socket.ask("sync", chats=[]))["code"] == "unauthenticated"
    await socket.connection.send("{")
    assert (await socket.hear(is_frame("error")))["code"] == "bad_request"
    await socket.send({"type": "hello", "token": ana.token})
    await socket.hear(is_frame("welcome"))
    assert await ana.read(chat_id) == []


async def test_a_second_hello_is_refused_and_the_first_goes_on(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    socket = await ana.connect()
    assert (await socket.ask("hello", token=ben.token))["code"] == "bad_request"
    await _goes_on(ana, socket)


@pytest.mark.parametrize("token", ["", "nada", "x" * 512, "ñ" * 100])
async def test_a_bad_token_is_told_and_ends_the_socket(town: Town, token: str):
    socket = await town.open()
    assert (await socket.ask("hello", token=token))["code"] == "unauthenticated"
    assert await socket.closed() == 4503


async def test_a_hello_without_a_token_ends_the_socket(town: Town):
    socket = await town.open()
    assert (await socket.ask("hello"))["code"] == "unauthenticated"
    assert await socket.closed() == 4503


async def test_a_binary_frame_ends_the_socket(town: Town):
    socket = await (await town.person()).connect()
    await socket.connection.send(b'{"type": "ping"}')
    assert await socket.closed() == 4500


async def test_text_that_is_not_utf_8_ends_the_socket(town: Town):
    socket = await (await town.person()).connect()
    await socket.connection.send(b'{"type": "\xff"}', text=True)
    assert await socket.closed() == 1007


@pytest.mark.parametrize("parts", [1, 64], ids=["whole", "in fragments"])
async def test_a_message_above_64_kib_ends_the_socket(town: Town, parts: int):
    socket = await (await town.person()).connect()
    # The last fragment is the one too many: nothing of ours is unread when the server closes.
    piece = " " * (65_536 // parts + 1)
    await socket.connection.send(piece if parts == 1 else [piece] * parts)
    assert await socket.closed() == 1009


async def test_only_unknown_subprotocols_end_the_socket(town: Town):
    socket = await town.open(subprotocol="uptc.v9.cbor")
    assert await socket.closed() == 4501


async def test_no_subprotocol_is_the_same_as_ours(town: Town):
    ana = await town.person()
    socket = await town.open(subprotocol="")
    await socket.send({"type": "hello", "token": ana.token})
    assert (await socket.hear(is_frame("welcome")))["user_id"] == ana.user_id


async def _goes_on(person: Person, socket: Socket) -> None:
    """The socket and the server still do what they are for."""
    chat_id = await person.found()
    assert (await socket.say(chat_id, "sigue en pie"))["seq"] == 1
