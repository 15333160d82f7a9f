import pytest

from tests.core import NOON
from uptc_messenger.services.websocket.tokens import SyncTokens

TOKENS = SyncTokens(b"k" * 16, "epoch")


def test_a_token_says_until_when_its_device_knows_everything():
    token = TOKENS.issue(NOON)
    assert TOKENS.watermark(token) == NOON
    assert TOKENS.issue(NOON + 1) != token
    assert len(token) < 512


@pytest.mark.parametrize("token", ["", "x", "ñ", "a" * 44, "====", "AAAA" * 100])
def test_what_is_no_token_means_nothing(token: str):
    assert TOKENS.watermark(token) is None


def test_a_changed_token_means_nothing():
    token = TOKENS.issue(NOON)
    for at in range(0, len(token) - 1, 3):
        other = "A" if token[at] != "A" else "B"
        assert TOKENS.watermark(token[:at] + other + token[at + 1 :]) is None


def test_a_token_of_another_log_or_server_means_nothing():
    token = TOKENS.issue(NOON)
    assert SyncTokens(b"k" * 16, "restored").watermark(token) is None
    assert SyncTokens(b"j" * 16, "epoch").watermark(token) is None


def test_a_token_of_a_stretch_that_came_twice_means_nothing():
    tokens, hour = SyncTokens(b"k" * 16, "epoch"), 3_600_000
    before, within = tokens.issue(NOON), tokens.issue(NOON + hour // 2)
    tokens.observe(NOON + hour)
    assert tokens.watermark(within) == NOON + hour // 2
    tokens.observe(NOON + 10_000)
    again = tokens.issue(NOON + 20_000)
    assert tokens.watermark(before) == NOON
    assert tokens.watermark(within) is None
    assert tokens.watermark(again) is None
    tokens.observe(NOON + 2 * hour)
    assert tokens.watermark(within) is None
    assert tokens.watermark(tokens.issue(NOON + 2 * hour)) == NOON + 2 * hour
    tokens.observe(NOON + 2 * hour - 1_000)
    assert tokens.watermark(tokens.issue(NOON + 2 * hour)) == NOON + 2 * hour


def test_a_token_of_the_future_means_nothing():
    tokens = SyncTokens(b"k" * 16, "epoch")
    tokens.observe(NOON)
    assert tokens.watermark(tokens.issue(NOON + 60_000)) is None
    assert tokens.watermark(tokens.issue(NOON + 1_000)) == NOON + 1_000
