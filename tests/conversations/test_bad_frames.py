"""Whatever is sent, the answer is a code and the conversation goes on, or it ends with one."""

import json
from typing import Any

import pytest

from tests.conversations.playbook import Playbook
from uptc_messenger.toolkit.ids import uuid7

SEND: dict[str, Any] = {
    "type": "message.send",
    "id": "s",
    "chat_id": uuid7(),
    "message_id": uuid7(),
    "body": {"text": "hola"},
}
JSON = json.dumps(SEND)


def goes_on(book: Playbook) -> None:
    book.is_silent().client(SEND).runs("message.send").is_silent()


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "hola",
        "null",
        "7",
        '"hello"',
        '{"type":"ping","ts":NaN}',
        '{"type":"ping","ts":-Infinity}',
        "[" * 100_000,
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        b"\xff",
    ],
    ids=lambda frame: repr(frame[:20]),
)
def test_what_cannot_be_read_at_all(frame: str | bytes):
    goes_on(Playbook().live().client(raw=frame).refuses("bad_request"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (JSON.replace("hola", "\\ud800"), "bad_request"),
        (JSON.replace("hola", "\\u0000"), "bad_request"),
        (JSON.replace('"hola"', "7"), "bad_request"),
        (JSON.replace('"hola"', '""'), "bad_request"),
        (JSON.replace("hola", "x" * 16_385), "too_large"),
        (JSON.replace("message.send", "message.shout"), "bad_request"),
        (JSON.replace('"body"', '"bodies"'), "bad_request"),
        (JSON[:-1] + ', "admin": true}', "bad_request"),
    ],
)
def test_a_command_that_is_wrong_somewhere(text: str, code: str):
    book = Playbook().live().client(raw=text)
    effect_ref = None if "\\u" in text else "s"
    goes_on(book.refuses(code, effect_ref))


def test_in_an_array_each_is_answered_by_itself():
    goes_on(
        Playbook()
        .live()
        .client({"type": "ping", "ts": 1}, {"type": "nothing", "id": 2}, {"type": "ping", "ts": 3})
        .says("pong", ts=1)
        .refuses("bad_request", 2)
        .says("pong", ts=3)
    )


def test_an_empty_array_says_nothing():
    goes_on(Playbook().live().client(raw="[]").is_silent())


def test_too_many_in_one_frame_are_none():
    goes_on(Playbook().live().client(*[{"type": "ping"}] * 129).refuses("bad_request"))


def test_binary_ends_it():
    Playbook().live().client_binary().closes(4500).client(SEND).is_silent()


def test_binary_ends_it_before_the_hello_too():
    Playbook().client_binary().closes(4500)


def test_rubbish_before_the_hello_is_a_bad_request_and_the_time_runs_on():
    Playbook().client(raw="{").refuses("bad_request").seconds_pass(10).closes(4002)
