"""Pictures: how large they are, the right way up, and smaller ones of them."""

import base64
import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageFile, ImageOps

from uptc_messenger.services.files.decoding import stripping
from uptc_messenger.services.files.decoding.stripping import STRIPPED, Malformed
from uptc_messenger.services.files.decoding.task import (
    CLEAN,
    CONTENT,
    COVER,
    MAX_PIXELS,
    MIN_COVER,
    PICTURE,
    PICTURE_THUMB,
    PREVIEW,
    THUMB,
    Answer,
    Made,
)
from uptc_messenger.services.files.decoding.thumbhash import MAX_SIDE, thumbhash
from uptc_messenger.services.files.sniffing import UNKNOWN

WEBP: Final = "image/webp"
_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
_ORIENTATION: Final = 0x0112
_ON_ITS_SIDE: Final = 5
_QUALITY: Final = 80
_FINE: Final = 92

_SAVED: Final = Answer(seen=True, type=UNKNOWN)
"""Clean, and so large that nobody's browser should have to show it."""


def look(folder: Path, media_type: str) -> Answer:
    """Clean a picture, turn it upright, and make its smaller ones; raises for what is none."""
    data = (folder / CONTENT).read_bytes()
    with _seen(io.BytesIO(data), media_type) as image:
        small = _is_small(image)
        # A JPEG with smaller pictures behind it is no film.
        moves = media_type != "image/jpeg" and getattr(image, "is_animated", False)
        if media_type not in STRIPPED or (small and not moves and _lies(image)):
            upright = ImageOps.exif_transpose(_small(image))
            kept = _write(upright, folder, media_type)
            return describe(folder, upright, upright.size, kept)
        size, said = image.size, _clean(folder, media_type, data, image)
        # A JPEG is decoded no larger than is needed.
        image.draft("RGB", (PREVIEW, PREVIEW))
        if not small:
            return _glimpse(folder, image, said)
        image.load()
        return describe(folder, image, size, media_type)


def _glimpse(folder: Path, image: Image.Image, said: Answer) -> Answer:
    """The smaller ones of a picture that is too large to decode whole, if it can do with less."""
    if not _is_small(image):
        return _SAVED
    try:
        shown = ImageOps.exif_transpose(image)
        return describe(folder, shown, (said.width or 0, said.height or 0), said.type)
    except (OSError, MemoryError):
        return _SAVED


def clean(folder: Path, media_type: str) -> Answer:
    """Take out what is said about a picture; nothing is decoded, and there are no smaller ones."""
    data = (folder / CONTENT).read_bytes()
    with _seen(io.BytesIO(data), media_type) as image:
        said = _clean(folder, media_type, data, image)
        return said if _is_small(image) else _SAVED


def square(folder: Path, media_type: str) -> Answer:
    """The middle of a picture as the portrait of somebody; nothing of the original is kept."""
    with _seen(folder / CONTENT, media_type) as image:
        image.draft("RGB", (PICTURE, PICTURE))
        upright = ImageOps.exif_transpose(_small(image))
        fitted = ImageOps.fit(_plain(upright), (PICTURE, PICTURE), Image.Resampling.LANCZOS)
    fitted.save(folder / CLEAN, "WEBP", quality=_QUALITY, method=4)
    small = fitted.copy()
    small.thumbnail((PICTURE_THUMB, PICTURE_THUMB), Image.Resampling.LANCZOS)
    small.save(folder / "thumb", "WEBP", quality=_QUALITY, method=4)
    return Answer(
        seen=True,
        type=WEBP,
        made=(Made(name="thumb", width=PICTURE_THUMB, height=PICTURE_THUMB),),
        width=PICTURE,
        height=PICTURE,
        thumbhash=_hash(fitted),
    )


def cover(folder: Path, media_type: str) -> Answer:
    """A picture from elsewhere, made small; nothing of the original is kept."""
    with _opened(folder / CONTENT, media_type) as image:
        if min(image.size) < MIN_COVER:
            raise Malformed("too small to show anything")
        image.draft("RGB", (COVER, COVER))
        drawn = _plain(ImageOps.exif_transpose(image))
    drawn.thumbnail((COVER, COVER), Image.Resampling.LANCZOS)
    drawn.save(folder / CLEAN, "WEBP", quality=_QUALITY, method=4)
    return Answer(
        seen=True, type=WEBP, width=drawn.width, height=drawn.height, thumbhash=_hash(drawn)
    )


def describe(
    folder: Path, image: Image.Image, size: tuple[int, int], media_type: str | None
) -> Answer:
    """The smaller pictures of one that is upright, and what stands for it until it is there."""
    plain = _plain(image)
    large = max(size) > PREVIEW or media_type is None  # what is no picture has only these
    wanted = [("preview", PREVIEW)] if large else []
    made: list[Made] = []
    for name, side in (*wanted, ("thumb", THUMB)):
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
        plain.save(folder / name, "WEBP", quality=_QUALITY, method=4)
        shape = Made(
            name="preview" if name == "preview" else "thumb",
            width=plain.width,
            height=plain.height,
        )
        made.append(shape)
    return Answer(
        seen=True,
        type=media_type,
        made=tuple(made),
        width=size[0],
        height=size[1],
        thumbhash=_hash(plain),
    )


def read_page(path: Path) -> Image.Image:
    """A picture that another decoder wrote: within the same limits as anybody's."""
    with _opened(path, "image/png") as image:
        return image.copy()


def _opened(source: Path | io.BytesIO, media_type: str) -> ImageFile.ImageFile:
    return _small(_seen(source, media_type))


def _seen(source: Path | io.BytesIO, media_type: str) -> ImageFile.ImageFile:
    # Nothing is decoded yet: what is too large is refused by what it says of itself.
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(source, formats=[_FORMATS[media_type]])


def _is_small(image: Image.Image) -> bool:
    return image.width * image.height <= MAX_PIXELS


def _lies(image: Image.Image) -> bool:
    # It may decode the whole, to see what stands behind the pixels.
    return image.getexif().get(_ORIENTATION, 1) != 1


def _small(image: ImageFile.ImageFile) -> ImageFile.ImageFile:
    if not _is_small(image):
        image.close()
        raise Malformed("too many pixels")
    return image


def _clean(folder: Path, media_type: str, data: bytes, image: Image.Image) -> Answer:
    """Keep a picture as it lies: of a JPEG that is not upright it is said how to turn it."""
    upside = image.getexif().get(_ORIENTATION, 1) if media_type == "image/jpeg" else 1
    found = stripping.strip(media_type, data)
    if upside != 1:
        found = stripping.turned(found, upside)
    (folder / CLEAN).write_bytes(found)
    width, height = image.size if upside < _ON_ITS_SIDE else image.size[::-1]
    return Answer(seen=True, type=media_type, width=width, height=height)


def _plain(image: Image.Image) -> Image.Image:
    transparent = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def _write(image: Image.Image, folder: Path, media_type: str) -> str:
    """Write a picture anew, with its colours and nothing else; returns its type."""
    name = _FORMATS[media_type] if media_type != "image/gif" else "PNG"
    fits = name != "JPEG" or image.mode in {"L", "RGB", "CMYK"}
    shown = image.copy() if fits else image.convert("RGB")
    profile = image.info.get("icc_profile")
    shown.info = {}
    options: dict[str, object] = {"quality": _FINE}
    if isinstance(profile, bytes):
        options["icc_profile"] = profile
    shown.save(folder / CLEAN, name, **options)
    return "image/png" if name == "PNG" else media_type


def _hash(image: Image.Image) -> str:
    small = image.convert("RGBA")
    small.thumbnail((MAX_SIDE, MAX_SIDE))
    raw = small.tobytes()
    pixels = list(zip(raw[::4], raw[1::4], raw[2::4], raw[3::4], strict=True))
    return base64.b64encode(thumbhash(small.width, small.height, pixels)).decode()
