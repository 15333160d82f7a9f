import io
from pathlib import Path

import pytest
from PIL import Image

from tests import media
from uptc_messenger.services.files.decoding.pictures import (
    clean,
    cover,
    describe,
    look,
    read_page,
    square,
)
from uptc_messenger.services.files.decoding.stripping import Malformed
from uptc_messenger.services.files.decoding.task import CLEAN, CONTENT


def given(folder: Path, data: bytes) -> Path:
    (folder / CONTENT).write_bytes(data)
    return folder


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_picture_is_cleaned_measured_and_made_smaller(tmp_path: Path, kind: str):
    answer = look(given(tmp_path, media.picture(kind, (1_000, 500))), f"image/{kind.lower()}")
    assert (answer.seen, answer.type) == (True, f"image/{kind.lower()}")
    assert (answer.width, answer.height) == (1_000, 500)
    (thumb,) = answer.made
    assert (thumb.name, thumb.width, thumb.height) == ("thumb", 400, 200)
    assert media.opened((tmp_path / "thumb").read_bytes()).size == (400, 200)
    assert media.SECRET not in (tmp_path / CLEAN).read_bytes()
    assert answer.thumbhash is not None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_lies_on_its_side_is_turned(tmp_path: Path, kind: str):
    data = media.picture(kind, (80, 40), orientation=6)
    answer = look(given(tmp_path, data), f"image/{kind.lower()}")
    assert (answer.width, answer.height) == (40, 80)
    clean = media.opened((tmp_path / CLEAN).read_bytes()).convert("RGB")
    assert clean.size == (40, 80)
    top, bottom = clean.getpixel((20, 10)), clean.getpixel((20, 70))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > 150, bottom[2] > 150) == (True, True)
    assert media.SECRET not in (tmp_path / CLEAN).read_bytes()


def test_a_large_one_has_something_in_between(tmp_path: Path):
    answer = look(given(tmp_path, media.picture(size=(2_000, 3_000))), "image/jpeg")
    assert [(m.name, m.width, m.height) for m in answer.made] == [
        ("preview", 1_067, 1_600),
        ("thumb", 267, 400),
    ]
    assert (answer.width, answer.height) == (2_000, 3_000)


def test_a_portrait_with_its_depth_behind_it_is_turned(tmp_path: Path):
    data = media.doubled(orientation=6)
    answer = look(given(tmp_path, data), "image/jpeg")
    assert (answer.width, answer.height) == (40, 60)
    assert media.opened((tmp_path / CLEAN).read_bytes()).size == (40, 60)


def test_what_is_too_large_to_decode_is_cleaned_and_only_saved(tmp_path: Path):
    answer = look(given(tmp_path, media.large("PNG")), "image/png")
    assert (answer.seen, answer.type, answer.made) == (True, "application/octet-stream", ())
    assert media.SECRET not in (tmp_path / CLEAN).read_bytes()
    assert clean(tmp_path, "image/png") == answer


def test_a_large_photograph_is_decoded_at_an_eighth_and_turned(tmp_path: Path):
    data = media.large(orientation=6)
    answer = look(given(tmp_path, data), "image/jpeg")
    assert (answer.width, answer.height) == (6_000, 8_000)
    assert [(made.width, made.height) for made in answer.made] == [(1_200, 1_600), (300, 400)]
    found = (tmp_path / CLEAN).read_bytes()
    assert media.SECRET not in found
    with Image.open(io.BytesIO(found)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
    assert square(given(tmp_path, data), "image/jpeg").seen


def test_cleaning_alone_decodes_nothing(tmp_path: Path):
    data = media.picture(orientation=6)
    spoiled = bytearray(data)
    spoiled[-40:-30] = bytes(10)
    answer = clean(given(tmp_path, bytes(spoiled)), "image/jpeg")
    assert (answer.type, answer.width, answer.height, answer.made) == ("image/jpeg", 40, 60, ())
    assert media.SECRET not in (tmp_path / CLEAN).read_bytes()
    with pytest.raises(Malformed):
        clean(given(tmp_path, media.picture("AVIF")), "image/avif")


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path):
    assert look(given(tmp_path, media.bomb()), "image/png").made == ()
    with pytest.raises(Malformed, match="pixels"):
        square(given(tmp_path, media.bomb()), "image/png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_half_a_picture_is_none(tmp_path: Path, kind: str):
    data = media.picture(kind)
    with pytest.raises((Malformed, OSError, SyntaxError, ValueError)):
        look(given(tmp_path, data[: len(data) // 2]), f"image/{kind.lower()}")


def test_one_kind_is_not_read_as_another(tmp_path: Path):
    with pytest.raises(OSError, match="cannot identify"):
        look(given(tmp_path, media.picture("PNG")), "image/jpeg")


def test_a_portrait_is_the_middle(tmp_path: Path):
    answer = square(given(tmp_path, media.picture(size=(900, 300), orientation=3)), "image/jpeg")
    assert (answer.type, answer.width, answer.height) == ("image/webp", 512, 512)
    assert media.opened((tmp_path / CLEAN).read_bytes()).size == (512, 512)
    assert media.opened((tmp_path / "thumb").read_bytes()).size == (96, 96)


def test_what_another_decoder_drew(tmp_path: Path):
    (tmp_path / "page").write_bytes(media.picture("PNG", (600, 300)))
    page = read_page(tmp_path / "page")
    answer = describe(tmp_path, page, page.size, None)
    assert [(m.name, m.width) for m in answer.made] == [("preview", 600), ("thumb", 400)]
    assert answer.type is None


def test_a_cover_is_small_and_nothing_of_the_original(tmp_path: Path):
    answer = cover(given(tmp_path, media.picture("JPEG", (1_000, 500))), "image/jpeg")
    assert (answer.type, answer.width, answer.height, answer.made) == ("image/webp", 480, 240, ())
    data = (tmp_path / CLEAN).read_bytes()
    assert media.opened(data).size == (480, 240)
    assert media.SECRET not in data
    with pytest.raises(Malformed, match="pixels"):
        cover(given(tmp_path, media.bomb()), "image/png")
    with pytest.raises(Malformed, match="small"):
        cover(given(tmp_path, media.picture("PNG", (900, 8))), "image/png")
