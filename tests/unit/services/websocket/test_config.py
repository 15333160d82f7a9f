import msgspec
import pytest

from uptc_messenger.services.websocket.config import BusConfig, WebSocketConfig


def test_the_limits_leave_room_for_each_other():
    config = WebSocketConfig()
    assert config.max_frame <= config.soft_bytes < config.hard_bytes < config.total_bytes
    assert config.max_in_flight < config.window_events
    assert config.hello_timeout_s < config.heartbeat_ms / 1000
    assert config.drain_s > 0


def test_a_heartbeat_that_would_close_healthy_clients_is_refused():
    # Time is given to sockets once a second: an answer within less could come too late.
    assert msgspec.convert({"heartbeat_ms": 2_000}, WebSocketConfig).heartbeat_ms == 2_000
    with pytest.raises(msgspec.ValidationError, match="heartbeat_ms"):
        msgspec.convert({"heartbeat_ms": 1_999}, WebSocketConfig)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("kafka://h:1", "is to be memory"),
        ("nats://", "is to be memory"),
        ("nats://u:p@bus.example.edu", "in the clear"),
        ("tls://bus.example.edu", "let anybody in"),
        ("nats://127.0.0.1:4222, nats://u:p@bus.example.edu", "in the clear"),
    ],
)
def test_a_bus_on_another_machine_is_encrypted_and_asks_who_comes(url: str, complaint: str):
    with pytest.raises(ValueError, match=complaint) as caught:
        BusConfig(url=url)
    assert "u:p" not in str(caught.value)
    if "memory" not in complaint:
        assert not BusConfig(url=url, insecure=True).alone


@pytest.mark.parametrize(
    "url",
    [
        "nats://127.0.0.1:4222",
        "nats://localhost:4222",
        "nats://[::1]:4222",
        "tls://u:p@bus.example.edu,tls://t@other.example.edu",
    ],
)
def test_a_bus_may_be_plain_on_this_machine_and_anywhere_with_proof(url: str):
    assert len(BusConfig(url=url).servers) == url.count("://")
    assert BusConfig(url="tls://bus.example.edu", credentials="node.creds").servers
    assert BusConfig().alone
