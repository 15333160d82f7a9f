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
