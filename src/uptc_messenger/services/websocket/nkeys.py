"""Who a node is to a NATS that asks for keys: an Ed25519 key in NATS's own writing.

A seed is base32 of two bytes that say what it is, 32 of the key and two of a checksum; a public
key is the same with one byte before it. A `.creds` file has a user's JWT and such a seed.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from uptc_messenger.services.websocket.broker import BusError

_SEED: Final = 18 << 3
_KEY_BYTES: Final = 32
_BLOCK: Final = re.compile(
    r"-+BEGIN (NATS USER JWT|USER NKEY SEED)-+\s+(\S+)\s+-+END \1-+", re.IGNORECASE
)


class Key:
    """A key that signs; raises `ValueError` for a seed that is none."""

    def __init__(self, seed: str) -> None:
        try:
            raw = base64.b32decode(seed.strip() + "=" * (-len(seed.strip()) % 8))
        except binascii.Error as error:
            raise ValueError("it is not base32") from error
        body, check = raw[:-2], raw[-2:]
        good = len(body) == _KEY_BYTES + 2 and body[0] & 0xF8 == _SEED
        if not good or binascii.crc_hqx(body, 0).to_bytes(2, "little") != check:
            raise ValueError("it is not the seed of a key")
        self._kind = (body[0] & 0x07) << 5 | body[1] >> 3
        self._key = Ed25519PrivateKey.from_private_bytes(body[2:])

    @property
    def public(self) -> str:
        """The public key, such as `UA…` for a user."""
        body = bytes([self._kind]) + self._key.public_key().public_bytes_raw()
        return base64.b32encode(body + _check(body)).decode().rstrip("=")

    def sign(self, text: str) -> bytes:
        """The signature of a text, in base64."""
        return base64.b64encode(self._key.sign(text.encode()))


def seed_of(kind: int, raw: bytes) -> str:
    """The seed of a key of this kind from its 32 bytes."""
    body = bytes([_SEED | kind >> 5, (kind & 0x1F) << 3]) + raw
    return base64.b32encode(body + _check(body)).decode().rstrip("=")


def read_nkey(path: str) -> Key:
    """The key in a file with a seed; raises `BusError`."""
    return _key(_read("bus_nkey", path), f"bus_nkey {path}")


def read_credentials(path: str) -> tuple[str, Key]:
    """A user's JWT and key; raises `BusError`."""
    found = {name.upper(): value for name, value in _BLOCK.findall(_read("bus_credentials", path))}
    if len(found) != len(("NATS USER JWT", "USER NKEY SEED")):
        raise BusError(f"bus_credentials {path} has not the JWT and the seed of a NATS user.")
    return found["NATS USER JWT"], _key(found["USER NKEY SEED"], f"bus_credentials {path}")


def _read(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError as error:
        raise BusError(f"{name} {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BusError(f"{name} {path} is not a text file.") from error


def _key(seed: str, where: str) -> Key:
    try:
        return Key(seed)
    except ValueError as error:
        raise BusError(f"{where} holds no key of NATS: {error}.") from error


def _check(body: bytes) -> bytes:
    return binascii.crc_hqx(body, 0).to_bytes(2, "little")
