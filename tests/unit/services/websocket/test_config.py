from uptc_messenger.services.websocket.config import WebSocketConfig


def test_the_limits_leave_room_for_each_other():
    config = WebSocketConfig()
    assert config.max_frame <= config.soft_bytes < config.hard_bytes < config.total_bytes
    assert config.max_in_flight < config.window_events
    assert config.hello_timeout_s < config.heartbeat_ms / 1000
    assert config.drain_s > 0
