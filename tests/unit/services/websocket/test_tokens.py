import pytest

from uptc_messenger.services.websocket.tokens import SyncTokens


def test_a_token_says_what_it_was_issued_for():
    tokens = SyncTokens(b"key", "epoch")
    assert tokens.watermark(tokens.issue(1_790_000_000_123)) == 1_790_000_000_123


@pytest.mark.parametrize("text", ["", "x", "####", "é", "A" * 44])
def test_what_is_no_token_says_nothing(text: str):
    assert SyncTokens(b"key", "epoch").watermark(text) is None


def test_a_token_of_another_log_or_server_says_nothing():
    token = SyncTokens(b"key", "epoch").issue(5)
    assert SyncTokens(b"key", "restored").watermark(token) is None
    assert SyncTokens(b"other", "epoch").watermark(token) is None


def test_a_changed_token_says_nothing():
    tokens = SyncTokens(b"key", "epoch")
    token = tokens.issue(5)
    for at in range(0, len(token) - 2, 3):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert tokens.watermark(changed) is None
