"""Browsers as a push service sees them: keys, subscriptions, and what they read of a push."""

import json
import secrets
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import structs

from uptc_messenger.models.notifications import NotificationSettings, PushSubscription
from uptc_messenger.services.notifications import sealing
from uptc_messenger.services.notifications.preferences import NOTHING_SAID
from uptc_messenger.services.notifications.sealing import Keys
from uptc_messenger.services.notifications.vapid import encoded

WISHES: Final[dict[str, Any]] = {
    "level": "all",
    "keywords": [],
    "quiet": None,
    "time_zone": "America/Bogota",
    "preview": True,
    "mail": "off",
}


class Browser:
    """Has a private key, and opens what was sealed for it (RFC 8291, section 3)."""

    def __init__(self, service: str = "https://push.example.com") -> None:
        self.private = sealing.new_key()
        self.auth = secrets.token_bytes(16)
        self.endpoint = f"{service}/send/{secrets.token_urlsafe(16)}"

    @property
    def keys(self) -> Keys:
        return Keys(p256dh=sealing.point(self.private.public_key()), auth=self.auth)

    @property
    def body(self) -> dict[str, str]:
        """What a page sends to its server."""
        return {
            "endpoint": self.endpoint,
            "p256dh": encoded(self.keys.p256dh),
            "auth": encoded(self.auth),
        }

    @property
    def wanted(self) -> PushSubscription:
        return PushSubscription(**self.body)

    def open(self, body: bytes) -> Any:
        """The payload of a push request."""
        length = body[20]
        sender = body[21 : 21 + length]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        secret = sealing.content_secret(shared, self.keys, sender)
        return json.loads(decode(body, secret))


def settings(**changed: Any) -> NotificationSettings:
    """What is wished besides the defaults."""
    return structs.replace(NOTHING_SAID, **changed)


def subscription() -> dict[str, str]:
    """One that no other person has."""
    return Browser().body


def decode(body: bytes, secret: bytes) -> bytes:
    """The payload of one record (RFC 8188); raises `ValueError` where it was changed."""
    salt, length = body[:16], body[20]

    def derive(info: bytes, size: int) -> bytes:
        return HKDF(algorithm=hashes.SHA256(), length=size, salt=salt, info=info).derive(secret)

    key = derive(b"Content-Encoding: aes128gcm\0", 16)
    nonce = derive(b"Content-Encoding: nonce\0", 12)
    try:
        padded = AESGCM(key).decrypt(nonce, body[21 + length :], None)
    except InvalidTag as error:
        raise ValueError("This was not sealed with these keys.") from error
    return padded.rstrip(b"\0")[:-1]
