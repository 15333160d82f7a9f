"""What a page says of itself in its head: a title, a description, an image.

Whoever wrote the page may wish us ill. The standard library's parser takes quadratic time for
some of what can be written in a megabyte, so this reads marks from left to right, each
character a fixed number of times, and only so many marks of so much length.
"""

import codecs
import html
import re
import unicodedata
from typing import Final

from uptc_messenger.models.base import Record
from uptc_messenger.models.previews import MAX_DESCRIPTION, MAX_SITE, MAX_TITLE, MAX_URL

MAX_MARKS: Final = 2_000
_MAX_MARK: Final = 8_192
_MAX_TEXT: Final = 4_096
_DECLARED: Final = 2_048
_SKIPPED: Final = frozenset({"script", "style", "noscript", "template", "svg", "textarea"})
_NAME: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9]{0,20}")
_ATTRIBUTE: Final = re.compile(
    r"""\b([A-Za-z:-]{1,20})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
)
_CHARSET: Final = re.compile(
    rb"""charset\s{0,8}=\s{0,8}["']?([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE
)
_MARKS_OF_ORDER: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# What browsers read (WHATWG Encoding), by the names that Python has for them.
_CHARSETS: Final = frozenset(
    {
        *("utf-8", "ascii", "iso8859-1", "iso8859-2", "iso8859-15", "koi8-r", "koi8-u"),
        *("big5", "gbk", "gb2312", "gb18030", "euc_jp", "shift_jis", "euc_kr", "cp949"),
        *(f"cp125{last}" for last in range(9)),
    }
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_TITLES: Final = ("og:title", "twitter:title", "title")
_DESCRIPTIONS: Final = ("og:description", "twitter:description", "description")
_SITES: Final = ("og:site_name", "application-name")
_IMAGES: Final = (
    *("og:image:secure_url", "og:image", "og:image:url"),
    *("twitter:image", "twitter:image:src"),
)
_ALTS: Final = ("og:image:alt", "twitter:image:alt")
_WANTED: Final = frozenset((*_TITLES, *_DESCRIPTIONS, *_SITES, *_IMAGES, *_ALTS))


class Page(Record, frozen=True):
    """What a page says of itself; `image` is a link as it was written there."""

    title: str
    site: str
    description: str
    image: str
    alt: str


def read(body: bytes, media_type: str) -> Page | None:
    """What the beginning of a page says; None where it has no title, or is no page."""
    if media_type.partition(";")[0].strip().lower() not in {"text/html", "application/xhtml+xml"}:
        return None
    said = _said(_decoded(body, media_type))
    title = _first(said, _TITLES, MAX_TITLE)
    if not title:
        return None
    image = next((said[name] for name in _IMAGES if said.get(name)), "").strip()
    return Page(
        title=title,
        site=_first(said, _SITES, MAX_SITE),
        description=_first(said, _DESCRIPTIONS, MAX_DESCRIPTION),
        image=image if len(image) <= MAX_URL else "",
        alt=_first(said, _ALTS, MAX_DESCRIPTION),
    )


def plain(text: str, limit: int) -> str:
    """A line of at most `limit` characters, without what cannot be seen or turns text."""
    spaced = " ".join(text[: 4 * _MAX_TEXT].split())
    kept = "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN)
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _first(said: dict[str, str], names: tuple[str, ...], limit: int) -> str:
    return next((shown for name in names if (shown := plain(said.get(name, ""), limit))), "")


def _decoded(body: bytes, media_type: str) -> str:
    for mark, charset in _MARKS_OF_ORDER:
        if body.startswith(mark):
            return body.removeprefix(codecs.BOM_UTF8).decode(charset, "replace")
    declared = _CHARSET.search(media_type.encode("ascii", "replace")) or _CHARSET.search(
        body[:_DECLARED]
    )
    return body.decode(_known(declared[1].decode()) if declared else "utf-8", "replace")


def _known(charset: str) -> str:
    """The codec of a charset; that of the web for one that no browser reads."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return "utf-8"
    if name not in _CHARSETS:
        return "utf-8"
    return "cp1252" if name in {"iso8859-1", "ascii"} else name


def _said(text: str) -> dict[str, str]:
    """The first value of each name that is wanted, up to the end of the head."""
    said: dict[str, str] = {}
    at = 0
    for _ in range(MAX_MARKS):
        at = text.find("<", at)
        if at < 0:
            break
        if text.startswith("<!--", at):
            at = _behind(text, "-->", at + 4)
            continue
        named = _NAME.match(text, at + 1)
        name = named[0].lower() if named else ""
        if name in {"body", "/head"}:
            break
        end = _mark_end(text, at + 1) if named else at + 1
        _note(said, name, text, at, end)
        at = _behind(text, f"</{name}", end) if name in _SKIPPED else end
    return said


def _note(said: dict[str, str], name: str, text: str, at: int, end: int) -> None:
    """Take in what a mark says, or what it holds."""
    if name == "meta":
        given = _attributes(text[at:end])
        key = (given.get("property") or given.get("name") or "").strip().lower()
        if key in _WANTED and given.get("content"):
            said.setdefault(key, given["content"])
    elif name == "title":
        stop = text.find("<", end, end + _MAX_TEXT)
        held = text[end : stop if stop >= 0 else end + _MAX_TEXT]
        said.setdefault("title", html.unescape(held))


def _attributes(mark: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _ATTRIBUTE.finditer(mark):
        value = each[2] or each[3] or each[4] or ""
        found.setdefault(each[1].lower(), html.unescape(value[:_MAX_TEXT]))
    return found


def _mark_end(text: str, at: int) -> int:
    """Behind the `>` of a mark that is no part of a value; a longer mark ends at the limit."""
    quote, stop = "", min(len(text), at + _MAX_MARK)
    for place in range(at, stop):
        mark = text[place]
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "\"'":
            quote = mark
        elif mark == ">":
            return place + 1
    return stop


def _behind(text: str, end: str, at: int) -> int:
    """Behind the next `end`; behind everything where there is none."""
    found = _find(text, end, at)
    return len(text) if found < 0 else found + len(end)


def _find(text: str, end: str, at: int) -> int:
    found = re.compile(re.escape(end), re.IGNORECASE).search(text, at)
    return -1 if found is None else found.start()
