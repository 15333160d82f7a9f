import pytest

from tests.conversations.playbook import play

HELLO = """
        > {"type": "hello", "id": 1}
        < authenticate 1
        = welcome
"""
STILL_HERE = """
        > {"type": "ping", "ts": 3}
        < pong 3
"""
CHAT = "01920000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nonsense", id="no JSON"),
        pytest.param('{"type": "ping", "id": 4', id="half an object"),
        pytest.param('{"type": "ping", "ts": NaN, "id": 4}', id="NaN"),
        pytest.param('{"type": "ping", "ts": Infinity, "id": 4}', id="Infinity"),
        pytest.param('{"type": "ping", "id": "\\ud800"}', id="half a surrogate pair"),
        pytest.param('{"type": "ping", "id": "a\\u0000"}', id="U+0000"),
        pytest.param("[" * 100_000, id="arrays 100,000 deep"),
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="objects 100,000 deep"),
        pytest.param("[" + ",".join(['{"type": "pong"}'] * 129) + "]", id="129 commands"),
        pytest.param("[1]", id="a number in an array"),
        pytest.param('"hello"', id="a string"),
        pytest.param("{}", id="no type"),
    ],
)
def test_what_nobody_can_read_is_refused_and_the_talk_goes_on(text: str):
    play(HELLO + "> $text\n < error bad_request" + STILL_HERE, text=text)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param('"type": "dance"', id="an unknown type"),
        pytest.param('"type": "ping", "more": 1', id="an unknown field"),
        pytest.param('"type": "ack", "es": -1', id="a number out of range"),
        pytest.param('"type": "ack", "es": "3"', id="a text for a number"),
        pytest.param('"type": "typing", "on": true', id="a missing field"),
        pytest.param('"type": "typing", "on": true, "chat_id": "x"', id="no id of a chat"),
    ],
)
def test_a_mistake_that_can_be_read_is_refused_by_name(fields: str):
    play(HELLO + '> {"id": "q4", $fields}\n < error bad_request q4' + STILL_HERE, fields=fields)


def test_a_mistake_leaves_its_neighbours_alone():
    play(
        HELLO
        + """
        > [{"type": "ping", "ts": 1}, {"type": "pin", "id": "b"}, [], {"type": "ack", "es": 9}]
        < pong 1
        < error bad_request b
        < error bad_request
        < acknowledged 9
    """
    )


def test_a_message_that_is_too_long():
    play(
        HELLO
        + """
        > {"type": "message.send", "id": 2, "chat_id": "$id", "message_id": "$id", "body": $long}
        < error too_large 2
        > {"type": "message.send", "id": 3, "chat_id": "$id", "message_id": "$id", "body": $just}
        < run message.send 3
        """
        + STILL_HERE,
        id=CHAT,
        long='{"text": "' + "ñ" * 8_193 + '"}',
        just='{"text": "' + "ñ" * 8_192 + '"}',
    )


def test_an_empty_array_is_nothing():
    play(HELLO + "> []" + STILL_HERE)


def test_there_is_no_binary_form():
    play(
        HELLO
        + """
        > binary
        < close 4500
        > {"type": "ping", "ts": 3}
    """
    )


def test_a_binary_frame_instead_of_a_hello():
    play("""
        > binary
        < close 4500
        at 5.0
    """)
