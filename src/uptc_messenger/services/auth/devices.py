"""Devices that somebody has logged in from before: they get a login limit of their own.

Whoever guesses at an account from elsewhere can then use up the account's limit without
locking its person out.
"""

import hashlib
import hmac
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.services.auth import repository
from uptc_messenger.toolkit.ids import secret

LIFETIME_S: Final = 180 * 86_400
_KEY: Final = "device_key"


class Devices:
    """Writes and reads what such a device remembers: a name of its own, sealed for an account."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, username: str) -> str:
        """What a device is given to remember after a login."""
        name = secret()
        return f"{name}.{self._seal(name, username)}"

    def recognise(self, remembered: str | None, username: str) -> str | None:
        """The device's name if it logged in to this account before."""
        name, _, seal = (remembered or "").partition(".")
        good = hmac.compare_digest(seal.encode(), self._seal(name, username).encode())
        return name if good else None

    def _seal(self, name: str, username: str) -> str:
        text = f"{name}\0{username.casefold()}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()


def load(reader: Reader) -> Devices | None:
    """With this installation's key; None before the first start."""
    key = repository.installation_value(reader, _KEY)
    return None if key is None else Devices(key.encode())


def make(tx: Transaction) -> Devices:
    """With this installation's key, which the first start makes."""
    known = load(tx)
    if known is not None:
        return known
    key = secret()
    repository.change_revocation_mark(tx)
    repository.set_installation_value(tx, _KEY, key)
    return Devices(key.encode())
