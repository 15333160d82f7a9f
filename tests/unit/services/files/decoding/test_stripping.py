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
