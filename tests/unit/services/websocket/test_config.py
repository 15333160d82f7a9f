import msgspec
import pytest

from uptc_messenger.services.websocket.config import WebSocketConfig


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
