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
MOST: Final = 20
_NAME_LENGTH: Final = 32
_SEAL_LENGTH: Final = 32
_KEY: Final = "device_key"


class Devices:
    """Writes and reads what such a device remembers: a name of its own, sealed for an account."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, username: str, remembered: str | None = None) -> str:
        """What a device is given to remember after a login, with what it remembered until now.

        A machine in a classroom has many people; it remembers the last `MOST`.
        """
        name, *seals = (remembered or "").split(".")
        name = name if seals and len(name) == _NAME_LENGTH else secret()
        seal = self._seal(name, username)
        return ".".join([name, seal, *(s for s in seals if s and s != seal)][: MOST + 1])

    def recognise(self, remembered: str | None, username: str) -> str | None:
        """The device's name if it logged in to this account before."""
        name, *seals = (remembered or "").split(".")
        wanted = self._seal(name, username).encode()
        good = [hmac.compare_digest(seal.encode(), wanted) for seal in seals[:MOST]]
        return name if any(good) else None

    def _seal(self, name: str, username: str) -> str:
        text = f"{name}\0{username.casefold()}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:_SEAL_LENGTH]


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
