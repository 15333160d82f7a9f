import io
import random
from contextlib import suppress

import pytest
from PIL import Image

from tests import media
from uptc_messenger.services.files.decoding.stripping import STRIPPED, Malformed, strip

KINDS = [each.removeprefix("image/").upper() for each in sorted(STRIPPED)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_pixels_and_not_a_word(kind: str):
    data = media.picture(kind)
    assert media.SECRET in data
    found = strip(f"image/{kind.lower()}", data)
    assert media.SECRET not in found
    assert media.opened(found).convert("RGB").tobytes() == (
        media.opened(data).convert("RGB").tobytes()
    )
    assert strip(f"image/{kind.lower()}", found) == found


@pytest.mark.parametrize("kind", KINDS)
def test_what_hides_behind_the_end_is_gone(kind: str):
    clean = strip(f"image/{kind.lower()}", media.picture(kind))
    assert strip(f"image/{kind.lower()}", clean + b"<script>alert(1)</script>") == clean


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_off_is_no_picture(kind: str):
    data = media.picture(kind)
    for size in range(16, len(data) - 1, max(1, len(data) // 40)):
        try:
            strip(f"image/{kind.lower()}", data[:size])
        except Malformed:
            continue
        raise AssertionError(f"{size} bytes of {len(data)} were taken for the whole")


def test_a_moving_picture_goes_on_moving():
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], loop=0, duration=50)
    found = media.opened(strip("image/gif", file.getvalue()))
    assert (getattr(found, "n_frames", 1), found.info["loop"]) == (3, 0)


def test_what_nobody_has_heard_of_goes():
    """Chunks and segments that are private, or of a standard to come."""
    secret = media.SECRET + b"?"
    png = media.picture("PNG")
    chunk = len(secret).to_bytes(4) + b"gpSa" + secret + bytes(4)
    assert media.SECRET not in strip("image/png", png[:33] + chunk + png[33:])
    webp = media.picture("WEBP") + b"GPS " + len(secret).to_bytes(4, "little") + secret
    webp = b"RIFF" + (len(webp) - 8).to_bytes(4, "little") + webp[8:]
    assert media.SECRET not in strip("image/webp", webp)
    for marker, begins in ((0xE0, b"JFXX\0"), (0xEE, b"Author"), (0xF7, b""), (0xE7, b"")):
        body = begins + secret
        segment = bytes([0xFF, marker]) + (2 + len(body)).to_bytes(2) + body
        jpeg = media.picture()
        assert media.SECRET not in strip("image/jpeg", jpeg[:2] + segment + jpeg[2:])


def test_a_thumbnail_beside_the_density_goes():
    jpeg = media.picture()
    at = jpeg.index(b"JFIF") - 4
    assert jpeg[at : at + 4] == b"\xff\xe0\x00\x10"
    head = b"\xff\xe0" + (16 + 12).to_bytes(2) + jpeg[at + 4 : at + 16] + b"\2\2" + media.SECRET
    found = strip("image/jpeg", jpeg[:at] + head + b"." + jpeg[at + 18 :])
    assert found == strip("image/jpeg", jpeg)


def test_what_is_said_within_a_frame_goes():
    file = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 120, 240)]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=50)
    data = file.getvalue()
    at = data.index(b"ANMF")
    size = int.from_bytes(data[at + 4 : at + 8], "little")
    secret = b"GPS " + len(media.SECRET + b"?").to_bytes(4, "little") + media.SECRET + b"?"
    told = (size + len(secret)).to_bytes(4, "little")
    spoiled = data[: at + 4] + told + data[at + 8 : at + 8 + size] + secret + data[at + 8 + size :]
    spoiled = b"RIFF" + (len(spoiled) - 8).to_bytes(4, "little") + spoiled[8:]
    found = strip("image/webp", spoiled)
    assert found == data
    assert getattr(media.opened(found), "n_frames", 1) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_noise_ends_in_a_refusal(kind: str):
    noise = random.Random(kind)
    data = media.picture(kind)
    for _ in range(300):
        spoiled = bytearray(data)
        for _ in range(4):
            spoiled[noise.randrange(len(spoiled))] = noise.randrange(256)
        with suppress(Malformed):
            strip(f"image/{kind.lower()}", bytes(spoiled))
