from uptc_messenger.services.previews.config import PreviewsConfig


def test_nothing_is_fetched_unless_somebody_says_so():
    config = PreviewsConfig()
    assert (config.links, config.loopback, config.ports) == ("off", False, (80, 443))
    assert (config.timeout_s, config.max_bytes) == (5, 1_048_576)
