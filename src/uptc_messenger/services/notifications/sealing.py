"""Payloads that only the browser can read: aes128gcm (RFC 8188) with the keys of RFC 8291."""

import os
import struct
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from uptc_messenger.models.base import Record

RECORD: Final = 4096
"""Size of the one record: what every push service takes (RFC 8030, section 7.2)."""

SALT: Final = 16
MOST: Final = RECORD - 16 - 1 - (SALT + 4 + 1 + 65)
"""Bytes of a payload, so that the whole body fits into 4096 bytes."""

_STEP: Final = 256
_LAST: Final = b"\x02"
_KEY: Final = b"Content-Encoding: aes128gcm\0"
_NONCE: Final = b"Content-Encoding: nonce\0"
_HEADER: Final = struct.Struct("!16sIB")


class Keys(Record, frozen=True):
    """Of a subscription: the browser's public key, an uncompressed point, and its secret."""

    p256dh: bytes
    auth: bytes


def seal(
    payload: bytes,
    keys: Keys,
    salt: bytes | None = None,
    private: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push request; `salt` and `private` are drawn anew for each.

    Padded to steps of 256 bytes: the length of what was written is not told either.
    """
    return _seal(payload, keys, salt or os.urandom(SALT), private or new_key(), _STEP)


def _seal(
    payload: bytes, keys: Keys, salt: bytes, private: ec.EllipticCurvePrivateKey, step: int
) -> bytes:
    browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.p256dh)
    ours = point(private.public_key())
    shared = private.exchange(ec.ECDH(), browser)
    secret = content_secret(shared, keys, ours)
    padded = payload + _LAST + bytes(min(-len(payload) % step, MOST - len(payload)))
    return encode(padded, secret, salt, ours)


def content_secret(shared: bytes, keys: Keys, sender: bytes) -> bytes:
    """What both ends make of the shared secret (RFC 8291, section 3.3)."""
    return _derive(shared, keys.auth, b"WebPush: info\0" + keys.p256dh + sender, 32)


def encode(padded: bytes, secret: bytes, salt: bytes, key_id: bytes) -> bytes:
    """One record with its header; `padded` ends with its delimiter."""
    sealed = AESGCM(_derive(secret, salt, _KEY, 16)).encrypt(
        _derive(secret, salt, _NONCE, 12), padded, None
    )
    return _HEADER.pack(salt, RECORD, len(key_id)) + key_id + sealed


def is_point(encoded: bytes) -> bool:
    """Whether it is a point of the curve, uncompressed."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
    except ValueError:
        return False
    return encoded[:1] == b"\x04"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as it travels: 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
