from tests.sessions import Device, new_chat, new_user
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.frames import ServerPing
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import single

TIGHT = WebSocketConfig(soft_bytes=10, window_events=2)
PACKET = single(ServerPing(ts=1), counted=1)


def test_the_socket_is_woken_for_whatever_waits():
    device = Device(new_user())
    device.subscriber.put(PACKET)
    device.subscriber.offer(PACKET, new_chat())
    device.subscriber.whisper(PACKET)
    assert device.woken == 3
    assert device.kinds() == ["ping", "ping", "ping"]


def test_lagging_is_said_once_with_the_number_that_comes_next():
    device = Device(new_user(), TIGHT)
    for _ in range(4):
        device.subscriber.offer(PACKET, new_chat())
    told = device.heard()
    assert [t["type"] for t in told] == ["ping", "flow"]
    assert (told[1]["state"], told[1]["dropped_from_es"]) == ("lagging", 2)


def test_nothing_is_whispered_to_who_has_enough_to_do():
    device = Device(new_user(), TIGHT)
    device.subscriber.put(PACKET)
    device.subscriber.whisper(PACKET)
    assert len(device.heard()) == 1


def test_an_end_reaches_the_socket():
    device = Device(new_user())
    device.subscriber.end(CloseCode.SESSION_REVOKED, "This session was ended.")
    assert device.closed is CloseCode.SESSION_REVOKED
