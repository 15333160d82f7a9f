"""Single steps of a session; whole dialogues are in tests/conversations."""

from uptc_messenger.models.commands import MAX_COMMANDS
from uptc_messenger.models.errors import CloseCode, RateLimited, Unauthenticated
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.session import (
    Authenticate,
    Close,
    Phase,
    Run,
    Say,
    Session,
    refusal,
)

CONFIG = WebSocketConfig()


def test_a_refusal_has_only_what_there_is_to_say():
    assert refusal(None, Unauthenticated()).ref is not None
    frame = refusal("a", RateLimited(retry_after_ms=900))
    assert (frame.ref, frame.code, frame.retryable, frame.retry_after_ms) == (
        "a",
        "rate_limited",
        True,
        900,
    )


def test_commands_behind_a_hello_wait_for_its_answer_in_order():
    session = Session(CONFIG, 0)
    (effect,) = session.receive(b'[{"type":"hello"}]', 0)
    assert isinstance(effect, Authenticate)
    assert session.receive(b'[{"type":"sync","id":1,"chats":[]},{"type":"ack","es":0}]', 0) == []
    first, _ = session.welcome()
    assert isinstance(first, Run)
    assert first.command.id == 1
    assert session.welcome() == []


def test_so_many_may_wait_and_the_rest_is_refused():
    session = Session(CONFIG, 0)
    session.receive(b'{"type":"hello"}', 0)
    ack = b"[" + b",".join([b'{"type":"ack","es":0}'] * MAX_COMMANDS) + b"]"
    assert session.receive(ack, 0) == []
    (effect,) = session.receive(b'{"type":"ack","es":0,"id":3}', 0)
    assert isinstance(effect, Say)
    assert len(session.welcome()) == MAX_COMMANDS


def test_nothing_is_done_after_the_end_and_the_end_comes_once():
    session = Session(CONFIG, 0)
    (effect,) = session.end(CloseCode.GOAWAY, "Restarting.")
    assert isinstance(effect, Close)
    assert session.phase is Phase.CLOSING
    assert session.end(CloseCode.GOAWAY, "Restarting.") == []
    assert session.receive(b'{"type":"ping"}', 1) == []
    assert session.tick(1e9, 0) == []


def test_it_knows_when_time_may_bring_something_about():
    session = Session(CONFIG, 100.0)
    assert session.next_tick(104.0) == CONFIG.hello_timeout_s - 4
    session.receive(b'{"type":"hello"}', 100.0)
    session.welcome()
    assert session.next_tick(100.0) == CONFIG.heartbeat_ms / 1000
    assert session.next_tick(1e9) == 0
