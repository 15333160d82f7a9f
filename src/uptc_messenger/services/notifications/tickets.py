"""Links in letters: who has one may do that one thing for that one person, and nothing else."""

import base64
import binascii
import hashlib
import hmac
import struct
import uuid
from typing import Final, Literal

from uptc_messenger.models.base import Millis, Record, UserId
from uptc_messenger.models.errors import NotFound

Purpose = Literal["confirm", "unsubscribe"]
CONFIRM_MS: Final = 3 * 24 * 3_600_000
_FORM: Final = struct.Struct("!16sQ")
_MAC: Final = 24


class Ticket(Record, frozen=True):
    """`ends_at` is 0 for one that lasts: an old letter's link still ends the letters."""

    user_id: UserId
    ends_at: Millis


def issue(key: bytes, purpose: Purpose, address: str, ticket: Ticket) -> str:
    """A text for a link; it is void once the person has another address."""
    body = _FORM.pack(uuid.UUID(ticket.user_id).bytes, ticket.ends_at)
    return base64.urlsafe_b64encode(body + _mac(key, purpose, address, body)).decode().rstrip("=")


def peek(text: str) -> Ticket:
    """Whose it says it is; nothing is believed yet. Raises `NotFound` for what is none."""
    body = _raw(text)[: _FORM.size]
    user, ends_at = _FORM.unpack(body)
    return Ticket(user_id=UserId(str(uuid.UUID(bytes=user))), ends_at=ends_at)


def check(key: bytes, purpose: Purpose, address: str | None, text: str, now: Millis) -> Ticket:
    """The ticket; `NotFound` where it is not good for this, for this address, or any more."""
    raw, ticket = _raw(text), peek(text)
    good = address is not None and hmac.compare_digest(
        raw[_FORM.size :], _mac(key, purpose, address, raw[: _FORM.size])
    )
    if not good or (ticket.ends_at and ticket.ends_at <= now):
        raise NotFound("This link is not good any more.")
    return ticket


def signed(key: bytes, address: str, name: str) -> str:
    """The name of a letter to this address, which nobody else can make up."""
    return f"{name}.{_mac(key, 'letter', address, name.encode()).hex()}"


def is_signed(key: bytes, address: str, text: str) -> bool:
    """Whether a letter to this address had this name."""
    name = text.rpartition(".")[0]
    return hmac.compare_digest(text.encode(), signed(key, address, name).encode())


def _mac(key: bytes, purpose: Purpose | Literal["letter"], address: str, body: bytes) -> bytes:
    said = f"{purpose}\0{address}\0".encode() + body
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC]


def _raw(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise NotFound("This link is not good any more.") from error
    if len(raw) != _FORM.size + _MAC:
        raise NotFound("This link is not good any more.")
    return raw
