"""What bytes are, by how they begin: nobody is asked, and no name is believed."""

import re
from collections.abc import Callable
from typing import Final

from uptc_messenger.models.files import FileKind

HEAD: Final = 4_096
"""Bytes from the beginning that decide."""

UNKNOWN: Final = "application/octet-stream"
IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"})
"""What our decoder reads, and a page may show."""

SHOWN: Final = IMAGES | {
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
    "audio/wav",
    "audio/flac",
    "audio/aac",
}
"""What a browser may show in a page; everything else is only saved."""

_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BRANDS: Final = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_MARKUP: Final = re.compile(
    rb"<(?:!doctype|\?xml|html|head|body|script|svg|iframe|style|table|img|a|b|p|br|div|!--)",
    re.IGNORECASE,
)
_LAYER: Final = 0x06
# The second byte names a version, a layer and whether there is a checksum; the third a rate.
_FRAME: Final = re.compile(
    rb"\xff(?:[\xf0\xf1\xf8\xf9].|[\xe2-\xe5\xf2-\xf5\xfa-\xfd][\x10-\xef])", re.DOTALL
)
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sniff(head: bytes, *, spoken: bool = False) -> str:
    """The media type of what begins so; `spoken` where only a sound is expected.

    Markup of any kind is `application/octet-stream`: nothing that could hold a script is ever
    given a type under which it would run.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    for look in _LOOKS:
        if (found := look(head)) is not None:
            return _as_sound(found) if spoken else found
    return UNKNOWN


def kind_of(media_type: str) -> FileKind:
    """How a client shows it."""
    if media_type in IMAGES:
        return "image"
    if media_type in {"video/mp4", "video/webm"}:
        return "video"
    return "audio" if media_type.startswith("audio/") else "file"


def _as_sound(media_type: str) -> str:
    # A recorder writes its sound into the containers that films have.
    return {"video/webm": "audio/webm", "video/mp4": "audio/mp4"}.get(media_type, media_type)


def _riff(head: bytes) -> str | None:
    return _RIFF.get(head[8:12]) if head.startswith(b"RIFF") else None


def _boxes(head: bytes) -> str | None:
    return _BRANDS.get(head[8:12], "video/mp4") if head[4:8] == b"ftyp" else None


def _matroska(head: bytes) -> str | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    if b"webm" not in head[:64]:
        return UNKNOWN
    film = b"V_VP" in head or b"V_AV1" in head
    return "audio/webm" if b"A_" in head and not film else "video/webm"


def _frames(head: bytes) -> str | None:
    """MPEG audio without a header: eleven bits that are set, and a version and layer that are."""
    begun = _FRAME.match(head)
    if begun is None:
        return None
    return "audio/aac" if begun[0][1] & _LAYER == 0 else "audio/mpeg"


def _words(head: bytes) -> str | None:
    if not head or _BINARY.search(head) or _MARKUP.search(head):
        return None
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # The last character may go on behind the end of what was read.
        if len(head) < HEAD or error.start < len(head) - 4:
            return None
    return "text/plain"


_LOOKS: Final[tuple[Callable[[bytes], str | None], ...]] = (
    _riff,
    _boxes,
    _matroska,
    _frames,
    _words,
)
