"""Frames ready for the wire: encoded, framed and compressed once, shared by all sockets.

A frame from the server is not masked (RFC 6455, section 5.1), so its bytes are the same for
every recipient.
"""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

import msgspec

_encode: Final = msgspec.json.Encoder().encode
_TEXT: Final = 0x81
_COMPRESSED: Final = 0x40
_SHORT: Final = 126
_LONG: Final = 65_536
_WORTH_DEFLATING: Final = 1_024
_LEVEL: Final = 6


class Packet:
    """One or several text frames that leave in one write.

    `counted` of them are of the types that `ack.es` counts.
    """

    __slots__ = ("_deflated", "_payloads", "counted", "data", "size")

    def __init__(self, payloads: Sequence[bytes], counted: int) -> None:
        self.data = (
            _frame(payloads[0], _TEXT)
            if len(payloads) == 1
            else b"".join([_frame(payload, _TEXT) for payload in payloads])
        )
        self.size = len(self.data)
        self.counted = counted
        self._payloads = payloads if any(map(_worth_deflating, payloads)) else None
        self._deflated: bytes | None = None

    @property
    def deflated(self) -> bytes:
        """The same frames for a socket that agreed to permessage-deflate (RFC 7692)."""
        if self._payloads is None:
            return self.data
        if self._deflated is None:
            self._deflated = b"".join(map(_deflate, self._payloads))
        return self._deflated


def encode(frame: msgspec.Struct) -> bytes:
    """The JSON text of one object."""
    return _encode(frame)


def single(frame: msgspec.Struct, *, counted: int = 0) -> Packet:
    """A packet of one object."""
    return Packet([_encode(frame)], counted)


def _worth_deflating(payload: bytes) -> bool:
    return len(payload) >= _WORTH_DEFLATING


def _deflate(payload: bytes) -> bytes:
    if len(payload) < _WORTH_DEFLATING:
        return _frame(payload, _TEXT)
    # Without context takeover each message is a stream of its own, so one result fits all.
    stream = zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    data = stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)
    return _frame(data[:-4], _TEXT | _COMPRESSED)


def _frame(payload: bytes, first: int) -> bytes:
    size = len(payload)
    if size < _SHORT:
        return struct.pack("!BB", first, size) + payload
    if size < _LONG:
        return struct.pack("!BBH", first, 126, size) + payload
    return struct.pack("!BBQ", first, 127, size) + payload
