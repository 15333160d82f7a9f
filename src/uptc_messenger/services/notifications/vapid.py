"""Who sends: a signature by which push services know this server (VAPID, RFC 8292)."""

import base64
import json
from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from uptc_messenger.models.base import Millis
from uptc_messenger.services.notifications.sealing import new_key, point

LIVES_MS: Final = 12 * 3_600_000
"""Push services refuse what is good for more than a day."""

_RENEW_MS: Final = 3_600_000
_SIZE: Final = 32
_HEADER: Final = {"typ": "JWT", "alg": "ES256"}


class Vapid:
    """Signs for one push service after the other, and remembers what it signed for an hour."""

    def __init__(self, secret: str, contact: str) -> None:
        self._key = ec.derive_private_key(int(secret, 16), ec.SECP256R1())
        self._contact = contact
        self._signed: dict[str, tuple[Millis, str]] = {}

    @property
    def public_key(self) -> str:
        """What a page subscribes with: base64url without padding."""
        return encoded(point(self._key.public_key()))

    def authorization(self, origin: str, now: Millis) -> str:
        """The header for requests to a push service with this origin."""
        signed_at, header = self._signed.get(origin, (0, ""))
        if header and 0 <= now - signed_at < _RENEW_MS:
            return header
        claims = {"aud": origin, "exp": (now + LIVES_MS) // 1000, "sub": self._contact}
        header = f"vapid t={self._token(claims)}, k={self.public_key}"
        if len(self._signed) >= _SIZE:
            self._signed.clear()
        self._signed[origin] = (now, header)
        return header

    def _token(self, claims: Mapping[str, object]) -> str:
        signed = ".".join(encoded(json.dumps(part).encode()) for part in (_HEADER, claims))
        der = self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
        r, s = decode_dss_signature(der)
        return f"{signed}.{encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def new_secret() -> str:
    """A private key as it is kept: its number in hexadecimal."""
    return f"{new_key().private_numbers().private_value:064x}"


def encoded(data: bytes) -> str:
    """Base64url without padding, as the web writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """What `encoded` wrote; padding may be there."""
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
