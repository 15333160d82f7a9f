from tests.delivery import CHAT, Ear
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import Packet

EVENT = Packet([b'{"type":"event"}'], 1)
HINT = Packet([b'{"type":"typing"}'], 0)


def test_an_event_goes_out():
    ear = Ear("ana")
    ear.offer(EVENT, CHAT)
    assert ear.kinds() == ["event"]


def test_lagging_is_said_once():
    ear = Ear("ana", WebSocketConfig(window_events=1))
    for _ in range(3):
        ear.offer(EVENT, CHAT)
    assert ear.kinds() == ["event", "flow"]
    assert ear.frames[1] == {"type": "flow", "state": "lagging", "dropped_from_es": 2}


def test_whispers_are_for_who_is_at_ease():
    ear = Ear("ana", WebSocketConfig(window_events=1))
    ear.whisper(HINT)
    ear.offer(EVENT, CHAT)
    ear.offer(EVENT, CHAT)
    ear.whisper(HINT)
    assert ear.kinds() == ["typing", "event", "flow"]


def test_it_ends_through_its_socket():
    ear = Ear("ana")
    ear.end(CloseCode.SESSION_REVOKED, "This session was ended.")
    assert ear.line.ended is CloseCode.SESSION_REVOKED
