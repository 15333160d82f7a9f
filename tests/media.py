"""Files to send: pictures as cameras make them, and what only looks like one."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

SECRET = b"GPS-of-home"
"""Stands in what is said about a picture, and must not be served."""

Size = tuple[int, int]


def picture(
    kind: str = "JPEG", size: Size = (60, 40), *, orientation: int = 1, quality: int = 75
) -> bytes:
    """A picture with EXIF; its left half is red, the right one blue."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    options: dict[str, Any] = {"quality": quality}
    if kind != "GIF":
        options["exif"] = exif.tobytes()
    if kind == "GIF":
        options["comment"] = SECRET
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def doubled(orientation: int = 1) -> bytes:
    """A portrait as telephones make it: a JPEG with another one behind it."""
    image, file = opened(picture()), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(file, "MPO", save_all=True, append_images=[image.copy()], exif=exif.tobytes())
    return file.getvalue()


def large(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """A picture of more pixels than are ever decoded, all of one colour."""
    image, file = Image.new("L", (8_000, 6_000), 90), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, SECRET.decode()
    options: dict[str, Any] = {"compress_level": 1} if kind == "PNG" else {"quality": 10}
    image.save(file, kind, exif=exif.tobytes(), **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def bomb(side: int = 50_000) -> bytes:
    """74 bytes that say they are a picture of so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0" * 64))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def pdf(drawing: bytes = b"") -> bytes:
    """One page, empty unless something is drawn on it."""
    content = b"/Contents 4 0 R" if drawing else b""
    stream = b"4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n" % (len(drawing), drawing)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]"
        + content
        + b">>endobj\n"
        + (stream if drawing else b"")
        + b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def wav(seconds: float = 0.1) -> bytes:
    """Silence."""
    samples = b"\0\0" * int(8_000 * seconds)
    form = struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body
