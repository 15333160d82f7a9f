import random
import time

import pytest

from tests.sites import HEAD
from uptc_messenger.models.previews import MAX_DESCRIPTION, MAX_TITLE
from uptc_messenger.services.previews import pages
from uptc_messenger.services.previews.pages import Page, plain, read

HTML = "text/html; charset=utf-8"


def title(head: str | bytes, media_type: str = HTML) -> str | None:
    page = read(head if isinstance(head, bytes) else head.encode(), media_type)
    return None if page is None else page.title


def test_what_a_page_says_of_itself():
    assert read(HEAD.encode(), HTML) == Page(
        title="Feria del libro",
        site="El Diario",
        description="Diez días de lectura en Tunja.",
        image="/foto.jpg",
        alt="Estantes con libros",
    )


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<title>Hola</title>", "Hola"),
        ("<TITLE >\n Hola \n mundo </TITLE>", "Hola mundo"),
        ("<title>a &lt;b&gt; &amp; c&#233;</title>", "a <b> & cé"),
        ("<title>Solo</title><meta name=twitter:title content=Otro>", "Otro"),
        ("<meta property='og:title' content='a > b'><title>c</title>", "a > b"),
        ('<meta content="Al revés" property="og:title"/>', "Al revés"),
        ("<meta property=og:title content=''><title>Queda</title>", "Queda"),
        ("<meta property=og:title content=1><meta property=og:title content=2>", "1"),
        ("<!-- <title>no</title> --><title>sí</title>", "sí"),
        ("<script>'<title>no</title>'</script><title>sí</title>", "sí"),
        ("<svg><title>no</title></svg><title>sí</title>", "sí"),
        ("<title>Sin fin", "Sin fin"),
        ("<body><title>no</title>", None),
        ("<title></title>", None),
        ("<title>\u202e\u200b\x00</title>", None),
        ("", None),
        ("\x89PNG\r\n\x1a\n", None),
    ],
)
def test_titles(head: str, expected: str | None):
    assert title(head) == expected


@pytest.mark.parametrize("media_type", ["image/png", "text/plain", "", "application/json", "x;y"])
def test_only_a_page_is_one(media_type: str):
    assert read(HEAD.encode(), media_type) is None


@pytest.mark.parametrize(
    ("charset", "media_type", "declared"),
    [
        ("utf-8", "text/html", ""),
        ("utf-8-sig", "text/html; charset=iso-8859-1", ""),
        ("utf-16", "text/html", ""),
        ("cp1252", 'text/html; charset="ISO-8859-1"', ""),
        ("cp1252", "text/html", '<meta charset="windows-1252">'),
        (
            "cp1252",
            "text/html",
            '<meta http-equiv=content-type content="text/html; charset=latin1">',
        ),
        ("koi8-r", "text/html; charset=koi8-r", ""),
        ("shift_jis", "text/html; charset=Shift_JIS", ""),
        ("utf-8", "text/html; charset=unicode_escape", ""),
        ("utf-8", "text/html; charset=zlib", ""),
        ("utf-8", "text/html; charset=nothing-known", ""),
    ],
)
def test_charsets(charset: str, media_type: str, declared: str):
    word = {"koi8-r": "Привет", "shift_jis": "日本語"}.get(charset, "Año")
    assert title(f"{declared}<title>{word}</title>".encode(charset), media_type) == word


def test_texts_are_one_line_that_can_be_seen_and_no_longer_than_so():
    head = f"<title>{'a' * 500}</title><meta name=description content='{'b ' * 500}'>"
    page = read(head.encode(), HTML)
    assert page is not None
    assert len(page.title) == MAX_TITLE
    assert page.title.endswith("…")
    assert len(page.description) <= MAX_DESCRIPTION
    assert plain("a\u202eb\u2066c\u200d\x07 \n\t d\u2028", 99) == "abc d"


def test_an_image_has_an_address_of_bounded_length():
    page = read(f"<title>a</title><meta property=og:image content='/{'x' * 3000}'>".encode(), HTML)
    assert page is not None
    assert page.image == ""


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<!--", "<a ", "<a>", '<meta a="', "<meta a='\"", "<title>", "<script>", "</", "<!"),
        *("<meta content=", "a=", "<a b=c d='", "&", "&#", "<title>&amp;", "<svg><title>", "<?"),
        *("<meta property=og:title content=x>", "\u202e", "-->", "<textarea", "--!>", "<![CDATA["),
    ],
)
def test_no_page_takes_long(piece: str):
    """A megabyte that the standard library's parser would take minutes for takes no second."""
    text = (piece * (1 << 20))[: 1 << 20].encode()
    began = time.process_time()
    read(text, HTML)
    assert time.process_time() - began < 5


def test_whatever_a_page_is_it_is_read():
    chance = random.Random(20_261_126)
    parts = ["<", ">", '"', "'", "=", "meta", "title", " ", "content", "og:title", "/", "!--", "ñ"]
    for _ in range(2_000):
        text = "".join(chance.choices(parts, k=chance.randrange(40)))
        page = read(text.encode(), HTML)
        assert page is None or 0 < len(page.title) <= MAX_TITLE


def test_so_many_marks_and_no_more():
    assert title("<a>" * pages.MAX_MARKS + "<title>spät</title>") is None
