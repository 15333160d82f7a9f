"""Sync tokens: "everything committed before W was delivered or listed to this device"."""

import base64
import hashlib
import hmac
import struct
from typing import Final

_FORM: Final = struct.Struct("!q8s")
_MARK_BYTES: Final = 16


class SyncTokens:
    """Issues and reads tokens; opaque to clients, and useless for another log or server."""

    def __init__(self, key: bytes, log_epoch: str) -> None:
        self._key = key
        self._epoch = hashlib.sha256(log_epoch.encode()).digest()[:8]

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
        return watermark if epoch == self._epoch else None

    def _mark(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_MARK_BYTES]
