from uptc_messenger.services.websocket.config import WebSocketConfig


def test_the_limits_leave_room_for_each_other():
    config = WebSocketConfig()
    assert config.max_frame <= config.soft_bytes < config.hard_bytes < config.total_bytes
    assert config.max_sessions * 8_192 < config.total_bytes
    assert config.hello_timeout_s * 1000 < 2 * config.heartbeat_ms
