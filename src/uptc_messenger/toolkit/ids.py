"""Identifiers and secrets."""

import hashlib
import secrets
import time
from typing import Final

_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62


def uuid7() -> str:
    """A new UUID version 7 (RFC 9562, section 5.7) in canonical text.

    Its first 48 bits are the Unix time in milliseconds, so ids made later sort later
    and land side by side in a B-tree; the other 74 bits are random.
    """
    random = secrets.randbits(74)
    high, low = random >> 62, random & ((1 << 62) - 1)
    value = (time.time_ns() // 1_000_000 << 80) | _VERSION_7 | (high << 64) | _VARIANT | low
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def secret() -> str:
    """A new secret of 192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


def fingerprint(text: str) -> bytes:
    """SHA-256 of a secret of ours, 32 bytes: what may be stored of it.

    A fast hash is enough because the secret itself has 192 random bits.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
