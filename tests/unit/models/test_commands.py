import json
from typing import Any

import pytest

from uptc_messenger.models.commands import (
    MAX_COMMANDS,
    MAX_DEPTH,
    Ack,
    AnyCommand,
    Hello,
    Ping,
    Refused,
    SendMessage,
    SetView,
    check_json,
    decode,
)
from uptc_messenger.models.errors import BadRequest, TooLarge
from uptc_messenger.toolkit.ids import uuid7

SEND: dict[str, Any] = {
    "type": "message.send",
    "id": 7,
    "chat_id": uuid7(),
    "message_id": uuid7(),
    "body": {"text": "hola"},
}


def read(value: object) -> list[AnyCommand | Refused]:
    return decode(json.dumps(value).encode())


def refused(value: object) -> Refused:
    (answer,) = read(value) if not isinstance(value, bytes) else decode(value)
    assert isinstance(answer, Refused)
    assert answer.problem.sentence
    return answer


def test_one_object_is_one_command():
    (command,) = read(SEND)
    assert isinstance(command, SendMessage)
    assert (command.id, command.body.text) == (7, "hola")


def test_an_array_is_several_in_order_with_space_around_it():
    commands = decode(b' \n[{"type":"ping"}, {"type":"ack","es":3} ] ')
    assert commands == [Ping(), Ack(es=3)]
    assert decode(b"[]") == []


def test_one_bad_command_leaves_its_neighbours_alone():
    first, second, third = read([{"type": "ping"}, {"type": "pong", "id": "b", "x": 1}, SEND])
    assert isinstance(first, Ping)
    assert isinstance(second, Refused)
    assert second.ref == "b"
    assert isinstance(third, SendMessage)


@pytest.mark.parametrize("ref", [0, -3, 2**53, "a", "x" * 64])
def test_a_refusal_says_of_which_command(ref: int | str):
    assert refused({"type": "nothing", "id": ref}).ref == ref
    assert refused({**SEND, "id": ref, "chat_id": "here"}).ref == ref


@pytest.mark.parametrize("ref", [2**53 + 1, "x" * 65, 1.5, None, True, [1], {"a": 1}])
def test_an_id_of_another_form_is_not_repeated(ref: object):
    assert refused({"type": "nothing", "id": ref}).ref is None


@pytest.mark.parametrize(
    "change",
    [
        {"type": "message.sent"},
        {"type": 3},
        {"chat_id": "1"},
        {"chat_id": None},
        {"message_id": uuid7().upper()},
        {"body": "hola"},
        {"body": {"text": "hola", "html": "<b>"}},
        {"reply_to": 3},
        {"extra": 1},
    ],
)
def test_a_wrong_field_is_a_bad_request(change: dict[str, object]):
    answer = refused(SEND | change)
    assert isinstance(answer.problem, BadRequest)
    assert len(answer.problem.sentence) <= 200


def test_a_refusal_does_not_show_our_patterns():
    sentence = refused({**SEND, "chat_id": "here"}).problem.sentence
    assert "regex" not in sentence
    assert "chat_id" in sentence


def test_a_text_that_is_too_long_is_too_large():
    answer = refused({**SEND, "body": {"text": "ñ" * 9_000}})
    assert isinstance(answer.problem, TooLarge)
    assert answer.ref == 7


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b" ",
        b"{",
        b"hola",
        b"\xff\xfe",
        b'{"type":"ping","ts":NaN}',
        b'{"type":"ping","ts":Infinity}',
        b'{"type":"ping"} {"type":"ping"}',
        b'{"type":"ping",}',
        b"null",
        b"3",
        b'"ping"',
        b"[1",
        b"[[]]",
        b"[null]",
    ],
)
def test_what_is_not_a_command_is_refused_once(frame: bytes):
    assert isinstance(refused(frame).problem, BadRequest)


def test_nesting_is_cut_before_any_decoder_sees_it():
    for deep in (b"[" * 100_000, b'{"a":' * 100_000, b'{"type":"ping","ts":' + b"[" * 100_000):
        assert refused(deep).problem.sentence == "Nested too deeply."


def test_nesting_up_to_the_limit_is_read():
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    check_json(deep)
    with pytest.raises(BadRequest):
        check_json(b"[" + deep + b"]")
    check_json(b"[" + b"[]," * 1_000 + b"[]]")


def test_brackets_inside_a_text_do_not_nest():
    text = "[{" * 200 + '\\"[' * 100
    (command,) = read({**SEND, "body": {"text": text}})
    assert isinstance(command, SendMessage)
    assert command.body.text == text


def test_lone_surrogates_are_refused():
    raw = json.dumps(SEND).encode().replace(b"hola", b"\\ud800")
    assert isinstance(refused(raw).problem, BadRequest)


def test_u_0000_is_refused_and_six_characters_that_look_like_it_are_not():
    raw = json.dumps(SEND).encode()
    assert isinstance(refused(raw.replace(b"hola", b"ho\\u0000la")).problem, BadRequest)
    assert isinstance(refused(raw.replace(b"hola", b"\\\\\\u0000")).problem, BadRequest)
    (command,) = decode(raw.replace(b"hola", b"\\\\u0000"))
    assert isinstance(command, SendMessage)
    assert command.body.text == "\\u0000"


@pytest.mark.parametrize("text", [b"ho\\u0000la", b"\\ud800", b""])
def test_whoever_sent_a_text_that_is_refused_learns_which(text: bytes):
    raw = json.dumps(SEND).encode().replace(b"hola", text)
    assert refused(raw).ref == 7


def test_a_frame_holds_so_many_commands_and_no_more():
    ping = {"type": "ping"}
    assert len(read([ping] * MAX_COMMANDS)) == MAX_COMMANDS
    assert "128" in refused([ping] * (MAX_COMMANDS + 1)).problem.sentence


def test_a_hello_may_bring_a_view_and_where_it_stands():
    chat = uuid7()
    (hello,) = read(
        {
            "type": "hello",
            "token": "t",
            "resume": {"useq": 4, "open": [{"chat_id": chat, "seq": 9}]},
            "view": {"open": [chat], "levels": {chat: "none"}},
        }
    )
    assert isinstance(hello, Hello)
    assert hello.resume is not None
    assert hello.resume.open[0].seq == 9
    assert hello.view is not None
    assert hello.view.levels == {chat: "none"}


@pytest.mark.parametrize(
    "change",
    [
        {"open": [uuid7()] * 51},
        {"users": [uuid7()] * 201},
        {"levels": {uuid7(): "full"}},
        {"levels": {"x": "none"}},
        {"mode": "asleep"},
    ],
)
def test_a_view_is_bounded(change: dict[str, object]):
    assert isinstance(read({"type": "view.set", "open": []})[0], SetView)
    assert isinstance(refused({"type": "view.set"} | change).problem, BadRequest)
