import pytest

from tests import media
from uptc_messenger.services.files.sniffing import HEAD, IMAGES, SHOWN, UNKNOWN, kind_of, sniff

BOX = b"\0\0\0\x18ftyp"
EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_pictures(kind: str):
    assert sniff(media.picture(kind)) == f"image/{kind.lower()}"
    assert kind_of(f"image/{kind.lower()}") == "image"


@pytest.mark.parametrize(
    ("head", "found", "kind"),
    [
        (BOX + b"isom", "video/mp4", "video"),
        (BOX + b"M4A ", "audio/mp4", "audio"),
        (BOX + b"heic", "image/heic", "file"),
        (BOX + b"qt  ", "video/quicktime", "file"),
        (EBML + b"..V_VP9..A_OPUS", "video/webm", "video"),
        (EBML + b"..A_OPUS", "audio/webm", "audio"),
        (b"\x1a\x45\xdf\xa3 matroska", UNKNOWN, "file"),
        (media.wav(), "audio/wav", "audio"),
        (b"OggS....", "audio/ogg", "audio"),
        (b"ID3\x04", "audio/mpeg", "audio"),
        (b"\xff\xfb\x90\x00", "audio/mpeg", "audio"),
        (b"\xff\xf1\x50\x80", "audio/aac", "audio"),
        (b"\xff\xfeh\0o\0", UNKNOWN, "file"),
        (media.pdf(), "application/pdf", "file"),
        (b"PK\x03\x04", "application/zip", "file"),
        ("áéí hola".encode(), "text/plain", "file"),
        (b"\0\1\2", UNKNOWN, "file"),
        (b"", UNKNOWN, "file"),
    ],
)
def test_what_begins_so(head: bytes, found: str, kind: str):
    assert (sniff(head), kind_of(found)) == (found, kind)


@pytest.mark.parametrize(
    "text",
    [
        "<html><script>alert(1)</script>",
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "  \n<SVG onload=alert(1)>",
        "hola <script>alert(1)</script>",
        "<!DOCTYPE html>",
        "<!-- x --><body onload=alert(1)>",
        "\ufeff<html>",
    ],
)
def test_markup_has_no_type_under_which_it_would_run(text: str):
    assert sniff(text.encode()) == UNKNOWN
    assert UNKNOWN not in SHOWN


def test_a_polyglot_is_what_it_begins_with():
    assert sniff(b"GIF89a=1;/*" + b"<script>*/alert(1)") == "image/gif"
    assert sniff(b"%PDF-1.4\nGIF89a") == "application/pdf"


def test_only_a_sound_is_expected_of_who_speaks():
    assert sniff(EBML + b"nothing known", spoken=True) == "audio/webm"
    assert sniff(BOX + b"iso5", spoken=True) == "audio/mp4"
    assert sniff(media.picture(), spoken=True) == "image/jpeg"


def test_a_text_whose_last_character_is_cut_in_two():
    text = ("a" * (HEAD - 1) + "ñ").encode()[:HEAD]
    assert sniff(text) == "text/plain"
    assert sniff(text[:100] + b"\xff" + text[100:]) == UNKNOWN


def test_what_we_decode_is_shown():
    assert IMAGES <= SHOWN
