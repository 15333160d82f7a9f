"""Opaque cursors: where a list goes on, in a form that a client can only hand back."""

import base64
import binascii
from typing import TypeVar

import msgspec

T = TypeVar("T")
MAX_LENGTH = 512


class BadCursor(ValueError):
    """A text that is no cursor of ours."""


def encode(position: object) -> str:
    """The cursor of a position: text, integers, or tuples of them."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(position)).rstrip(b"=").decode()


def decode(cursor: str, kind: type[T]) -> T:
    """The position of a cursor; raises `BadCursor` unless it is a `kind`."""
    if len(cursor) > MAX_LENGTH:
        raise BadCursor
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.msgpack.decode(raw, type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise BadCursor from error
