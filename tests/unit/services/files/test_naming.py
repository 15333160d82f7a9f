import pytest

from tests.pages import HOSTILE
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.files.naming import MAX_BYTES, clean, described, disposition


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("informe.pdf", "informe.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\foto.jpg", "foto.jpg"),
        ("..%2f..%2fx", "%2f..%2fx"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        (".htaccess", "htaccess"),
        ("nin\u0303o.jpg", "niño.jpg"),
        ("foto . ", "foto"),
        ("con", "con"),
    ],
)
def test_what_is_shown_of_a_name(typed: str, shown: str):
    assert clean(typed) == shown


@pytest.mark.parametrize("typed", ["", " ", "..", "/", "a/", "\u200b", "...", "\u202e"])
def test_what_is_no_name(typed: str):
    with pytest.raises(BadRequest):
        clean(typed)


def test_a_long_name_keeps_its_ending():
    found = clean("ñ" * 250 + ".jpeg")
    assert len(found.encode()) <= MAX_BYTES
    assert found.endswith("ñ.jpeg")
    assert len(clean("a" * 250 + "." + "b" * 200).encode()) <= MAX_BYTES


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_header_is_one_line_of_ascii(typed: str):
    try:
        name = clean(typed[:255])
    except BadRequest:
        return
    header = disposition(name, attached=True)
    assert header.isascii()
    assert "\n" not in header
    assert "\r" not in header
    assert header.count('"') == 2
    assert header.startswith("attachment; filename=")


def test_a_picture_may_be_shown_in_its_place():
    assert disposition("a.jpg", attached=False) == (
        "inline; filename=\"a.jpg\"; filename*=UTF-8''a.jpg"
    )


def test_a_description_is_one_line_that_turns_nothing_round():
    assert described(" a\t b\u202e\nc ") == "a b c"
    assert described("\u200f\n") == ""
