from uptc_messenger.services.auth import AuthConfig


def test_the_defaults_keep_the_floors_of_the_policy():
    config = AuthConfig()
    assert config.registration == "invite"
    assert (config.argon2_memory_kib, config.argon2_time) == (19_456, 2)
    assert config.hash_threads <= 2
    assert config.hash_wait_s <= 10
    assert config.session_idle_s < config.session_lifetime_s
    assert config.reset_code_s <= 30 * 60
