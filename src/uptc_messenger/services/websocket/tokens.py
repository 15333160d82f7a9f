"""Sync tokens: "everything committed before W was delivered or listed to this device"."""

import base64
import hashlib
import hmac
import struct
from typing import Final

MARGIN_MS: Final = 15_000
"""A commit may take 10 s, and what it changes is stamped before it."""

_FORM: Final = struct.Struct("!q8s")
_MARK_BYTES: Final = 16
_SLACK_MS: Final = 5_000
"""Clocks are set by less than this all the time; a digest goes back further than it."""


class SyncTokens:
    """Issues and reads tokens; opaque to clients, and useless for another log or server.

    Where the wall clock was set back, a stretch of time comes twice. A token of that stretch
    does not say which of the two it means, so it means nothing.
    """

    def __init__(self, key: bytes, log_epoch: str) -> None:
        self._key = key
        self.begin(log_epoch)
        self._latest = 0
        self._twice = (0, 0)

    def begin(self, log_epoch: str) -> None:
        """The log has this name; no token of another means anything."""
        self.log_epoch = log_epoch
        self._epoch = hashlib.sha256(log_epoch.encode()).digest()[:8]

    def observe(self, now_ms: int) -> None:
        """What the wall clock shows, told before tokens are read or issued."""
        if now_ms < self._latest - _SLACK_MS:
            low, high = self._twice
            self._twice = (min(now_ms, low or now_ms), max(self._latest, high))
            self._latest = now_ms
        self._latest = max(self._latest, now_ms)

    def issue(self, watermark_ms: int) -> str:
        """A token for a device that knows everything committed before the watermark."""
        body = _FORM.pack(watermark_ms, self._epoch)
        return base64.urlsafe_b64encode(body + self._mark(body)).decode()

    def watermark(self, token: str) -> int | None:
        """The watermark in ms, or None for a token that is not of this log and server."""
        try:
            raw = base64.urlsafe_b64decode(token.encode())
        except ValueError:
            return None
        body, mark = raw[: _FORM.size], raw[_FORM.size :]
        if len(body) != _FORM.size or not hmac.compare_digest(mark, self._mark(body)):
            return None
        watermark, epoch = _FORM.unpack(body)
        return watermark if epoch == self._epoch and self._is_clear(watermark) else None

    def _is_clear(self, watermark: int) -> bool:
        low, high = self._twice
        future = self._latest and watermark > self._latest + _SLACK_MS
        return not future and not low - _SLACK_MS < watermark <= high

    def since(self, token: str | None) -> int | None:
        """From which stamps on a device with this token may have missed something."""
        watermark = None if token is None else self.watermark(token)
        return None if watermark is None else watermark - MARGIN_MS

    def _mark(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_MARK_BYTES]
