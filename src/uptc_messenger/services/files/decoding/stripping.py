"""Taking out of a picture what is not picture: where it was taken, with what, and by whom.

What stays is listed, not what goes: what nobody has heard of yet goes, too.

The pixels are not touched. What stands behind the end of a picture goes, too: there another
file could hide. Whatever is not built as it should be raises `Malformed`.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT "  # pixels, also of those that move
    b"cHRM cICP cLLI gAMA iCCP mDCV sBIT sRGB bKGD hIST pHYs sPLT".split()  # how to show them
)
_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_FRAME_HEAD: Final = 16
_VP8X_SAID: Final = 0x04 | 0x08
_MARK, _SCAN, _END = 0xFF, 0xDA, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SEGMENTS: Final = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)} - {0xC8, 0xD9})
"""Frames, their tables and scans: what a JPEG is decoded from."""

_JFIF, _PROFILE, _ADOBE = 0xE0, 0xE2, 0xEE
_APPLIED: Final = {_JFIF: b"JFIF\0", _PROFILE: b"ICC_PROFILE\0", _ADOBE: b"Adobe"}
"""Of what applications add: its density, the profile of its colours, how Adobe coded them."""

_JFIF_SIZE: Final = 16
"""Of the segment without its marker and without a thumbnail."""

_ORIENTATION: Final = 0x0112
_IMAGE, _EXTENSION, _CONTROL, _APPLICATION, _TRAILER = 0x2C, 0x21, 0xF9, 0xFF, 0x3B
_LOOPS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class Malformed(Exception):
    """These bytes are not a picture of this kind from their beginning to its end."""


def strip(media_type: str, data: bytes) -> bytes:
    """The same picture without what is said about it; raises `Malformed`."""
    try:
        return _STRIPPERS[media_type](data)
    except (IndexError, struct.error, KeyError) as error:
        raise Malformed(media_type) from error


def turned(jpeg: bytes, upside: int) -> bytes:
    """A JPEG that says how it is to be turned, and nothing else."""
    told = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, upside, 0, 0)
    segment = b"Exif\0\0" + told
    return b"".join((jpeg[:2], b"\xff\xe1", (2 + len(segment)).to_bytes(2), segment, jpeg[2:]))


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while True:
        if data[at] != _MARK:
            raise Malformed("a marker is missing")
        marker = data[at + 1]
        if marker == _MARK:
            at += 1
        elif marker == _END:
            return b"".join((*kept, data[at : at + 2]))
        elif marker in _ALONE:
            kept.append(data[at : at + 2])
            at += 2
        else:
            end = _after_segment(data, at, scan=marker == _SCAN)
            if _is_kept(marker, data[at + 4 : at + 16]):
                kept.append(_jfif(data[at:end]) if marker == _JFIF else data[at:end])
            at = end


def _after_segment(data: bytes, at: int, *, scan: bool) -> int:
    """Where a segment ends; that of a scan goes on to the next marker that stands for itself."""
    end = at + 2 + _big(data, at + 2, 2)
    if not scan:
        return end
    while True:
        end = data.find(b"\xff", end)
        if end < 0 or end + 1 >= len(data):
            raise Malformed("a scan has no end")
        if data[end + 1] != 0 and data[end + 1] not in _ALONE:
            return end
        end += 2


def _is_kept(marker: int, begins: bytes) -> bool:
    known = _APPLIED.get(marker)
    return marker in _SEGMENTS if known is None else begins.startswith(known)


def _jfif(segment: bytes) -> bytes:
    """Without the thumbnail, which may show what was cut away."""
    if len(segment) < 2 + _JFIF_SIZE:
        raise Malformed("a segment is cut off")
    return b"".join((segment[:2], _JFIF_SIZE.to_bytes(2), segment[4:_JFIF_SIZE], b"\0\0"))


def _png(data: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while True:
        size, name = _big(data, at, 4), data[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(data):
            raise Malformed("a chunk is cut off")
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _webp(data: bytes) -> bytes:
    end = 8 + _little(data, 4, 4)
    if end > len(data):
        raise Malformed("a file is cut off")
    kept = list(_webp_chunks(data, 12, end))
    size = 4 + sum(map(len, kept))
    return b"".join((b"RIFF", size.to_bytes(4, "little"), b"WEBP", *kept))


def _webp_chunks(data: bytes, at: int, end: int) -> Iterator[bytes]:
    while at < end:
        name, size = data[at : at + 4], _little(data, at + 4, 4)
        after = at + 8 + size + size % 2
        if at + 8 + size > end:
            raise Malformed("a chunk is cut off")
        if name == b"VP8X":
            flags = data[at + 8] & ~_VP8X_SAID
            yield data[at : at + 8] + bytes([flags]) + data[at + 9 : after]
        elif name == b"ANMF":
            yield _frame(data, at + 8, at + 8 + size)
        elif name in _WEBP_KEPT:
            yield data[at:after]
        at = after


def _frame(data: bytes, at: int, end: int) -> bytes:
    """One picture of a moving one, which has chunks of its own."""
    pixels = at + _FRAME_HEAD
    inside = b"".join((data[at:pixels], *_webp_chunks(data, pixels, end)))
    return b"ANMF" + len(inside).to_bytes(4, "little") + inside


def _gif(data: bytes) -> bytes:
    at = 13 + _table(data[10])
    kept = [data[:at]]
    while data[at] != _TRAILER:
        end = _after_block(data, at)
        if data[at] == _IMAGE or data[at + 1] == _CONTROL or _loops(data, at):
            kept.append(data[at:end])
        at = end
    return b"".join((*kept, b";"))


def _after_block(data: bytes, at: int) -> int:
    if data[at] == _IMAGE:
        at += 10 + _table(data[at + 9]) + 1
    elif data[at] == _EXTENSION:
        at += 2
    else:
        raise Malformed("a block of no kind")
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _loops(data: bytes, at: int) -> bool:
    return data[at + 1] == _APPLICATION and data[at + 3 : at + 14] in _LOOPS


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_exactly(data, at, size), "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_exactly(data, at, size), "little")


def _exactly(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) < size:
        raise Malformed("a number is cut off")
    return found


_STRIPPERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
STRIPPED: Final = frozenset(_STRIPPERS)
"""The types whose pixels need not be touched."""
