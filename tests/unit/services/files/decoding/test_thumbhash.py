import base64

from uptc_messenger.services.files.decoding.thumbhash import Pixel, thumbhash


def flat(pixel: Pixel, width: int = 8, height: int = 8) -> bytes:
    return thumbhash(width, height, [pixel] * (width * height))


def test_a_plain_colour_is_its_average():
    found = flat((255, 255, 255, 255))
    light = found[0] & 63
    assert light == 63
    assert found[2] & 0x80 == 0
    assert flat((0, 0, 0, 255))[0] & 63 == 0


def test_what_is_see_through_says_so_and_how_much():
    found = flat((255, 0, 0, 0))
    assert found[2] & 0x80
    assert found[5] & 15 == 0
    half = flat((255, 0, 0, 128))
    assert half[5] & 15 == 8


def test_which_way_it_lies():
    wide = thumbhash(8, 4, [(9, 9, 9, 255)] * 32)
    tall = thumbhash(4, 8, [(9, 9, 9, 255)] * 32)
    assert wide[4] & 0x80
    assert not tall[4] & 0x80
    assert (wide[3] & 7, tall[3] & 7) == (4, 4)


def test_left_and_right_differ_from_right_and_left():
    red, blue = (255, 0, 0, 255), (0, 0, 255, 255)
    one = thumbhash(4, 4, [red, red, blue, blue] * 4)
    other = thumbhash(4, 4, [blue, blue, red, red] * 4)
    assert one != other
    assert len(base64.b64encode(one)) < 40
