import json
from typing import Any

import pytest

from uptc_messenger.models.errors import CloseCode, RateLimited, SessionExpired, Unauthenticated
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import encode
from uptc_messenger.services.websocket.session import (
    Acknowledge,
    Authenticate,
    Close,
    Phase,
    Run,
    Say,
    Session,
    refusal,
)

CONFIG = WebSocketConfig(heartbeat_ms=10_000, hello_timeout_s=5.0)
HELLO = {"type": "hello", "id": 1, "token": "t"}


def says(*frames: dict[str, Any]) -> bytes:
    return json.dumps(frames[0] if len(frames) == 1 else list(frames)).encode()


@pytest.fixture
def session() -> Session:
    return Session(CONFIG, now=0.0)


@pytest.fixture
def live(session: Session) -> Session:
    session.receive(says(HELLO), 1.0)
    session.welcome()
    return session


def code(effect: object) -> str:
    assert isinstance(effect, Say)
    return json.loads(encode(effect.frame))["code"]


def test_a_hello_asks_for_proof(session: Session):
    [effect] = session.receive(says(HELLO), 1.0)
    assert isinstance(effect, Authenticate)
    assert effect.hello.token == "t"
    assert session.phase is Phase.AUTHENTICATING


def test_anything_else_first_is_refused_and_the_wait_goes_on(session: Session):
    [effect] = session.receive(says({"type": "ping", "id": 4}), 1.0)
    assert code(effect) == "unauthenticated"
    assert session.tick(4.9, 0) == []
    [close] = session.tick(5.0, 0)
    assert isinstance(close, Close)
    assert close.code is CloseCode.NO_HELLO


def test_a_second_hello_is_refused_and_the_session_lives(live: Session):
    [effect] = live.receive(says(HELLO), 2.0)
    assert code(effect) == "bad_request"
    assert live.phase is Phase.LIVE


def test_what_comes_before_the_welcome_waits_for_it(session: Session):
    ping = {"type": "ping", "id": 2}
    effects = session.receive(says(HELLO, ping, {"type": "view.set", "id": 3}), 1.0)
    assert [type(effect) for effect in effects] == [Authenticate]
    assert [type(effect) for effect in session.welcome()] == [Say, Run]


def test_what_waits_is_bounded(session: Session):
    session.receive(says(HELLO), 1.0)
    ping = {"type": "ping", "id": 2}
    session.receive(says(*[ping] * 128), 1.0)
    [effect] = session.receive(says(ping), 1.0)
    assert code(effect) == "overloaded"


def test_a_refused_hello_closes(session: Session):
    session.receive(says(HELLO), 1.0)
    said, close = session.refuse(1, SessionExpired(), CloseCode.TOKEN_INVALID)
    assert code(said) == "session_expired"
    assert isinstance(close, Close)
    assert session.receive(says(HELLO), 2.0) == []
    assert session.welcome() == []


def test_an_array_is_several_commands(live: Session):
    effects = live.receive(
        says({"type": "ack", "es": 3}, {"type": "zip", "id": "z"}, {"type": "pong"}), 2.0
    )
    assert isinstance(effects[0], Acknowledge)
    assert effects[0].es == 3
    assert code(effects[1]) == "bad_request"
    assert len(effects) == 2


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"nonsense",
        b"3",
        b"null",
        b'{"type":"ping","ts":NaN}',
        b'{"type":"ping","id":"\\ud800"}',
        b'{"type":"ping","id":"a\\u0000"}',
        b'{"type":"ping","more":1}',
        b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_refused_and_the_session_lives(live: Session, frame: bytes):
    [effect] = live.receive(frame, 2.0)
    assert code(effect) == "bad_request"
    assert live.phase is Phase.LIVE


def test_there_is_no_binary_form(live: Session):
    [close] = live.receive_binary()
    assert isinstance(close, Close)
    assert close.code is CloseCode.BAD_PROTOCOL


def test_silence_is_questioned_and_then_ended(live: Session):
    assert live.tick(9.0, 0) == []
    [ping] = live.tick(10.0, 123)
    assert isinstance(ping, Say)
    [close] = live.tick(21.0, 0)
    assert isinstance(close, Close)
    assert close.code is CloseCode.HEARTBEAT_TIMEOUT


def test_any_frame_is_a_sign_of_life(live: Session):
    live.tick(10.0, 0)
    live.receive(b"nonsense", 15.0)
    [ping] = live.tick(21.0, 0)
    assert isinstance(ping, Say)


def test_the_next_tick_is_never_later_than_a_deadline(session: Session):
    assert session.next_tick(0.0) == 5.0
    session.receive(says(HELLO), 1.0)
    session.welcome()
    assert session.next_tick(4.0) == 6.0
    assert session.next_tick(99.0) == 0.0


def test_an_end_from_outside_comes_once(live: Session):
    assert len(live.end(CloseCode.GOAWAY, "restart")) == 1
    assert live.end(CloseCode.GOAWAY, "restart") == []
    assert live.tick(99.0, 0) == []


def test_a_refusal_carries_only_what_there_is():
    bare = json.loads(encode(refusal(None, Unauthenticated())))
    assert set(bare) == {"type", "code", "message", "retryable"}
    full = json.loads(encode(refusal(7, RateLimited(retry_after_ms=5, details={"a": "b"}))))
    assert (full["ref"], full["retry_after_ms"], full["details"]) == (7, 5, {"a": "b"})
