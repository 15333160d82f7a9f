"""Links: only http, https and mailto lead out, and `www.` by https; everything else stays text."""

from typing import Final

import msgspec

from uptc_messenger.services.messages.markdown.characters import is_one_of, is_space, is_word

SCHEMES: Final = ("http://", "https://", "mailto:")
_WWW: Final = "www."
_URL_END: Final = frozenset('()[]<>"`')
"""Ends an address inside `( )`; brackets too, so that no two attempts read the same characters."""

_AUTO_END: Final = frozenset('<>"`[]')
_MAIL_END: Final = _AUTO_END | {":"}
"""A second `mailto:` must not be read as part of the first: each character is read once."""

_TRAILING: Final = frozenset(".,:;!?'*_~")


class Found(msgspec.Struct, frozen=True):
    """An address, what it is to be called, and where the text goes on."""

    href: str
    label: str
    end: int


def bracket_link(text: str, at: int) -> Found | None:
    """`[label](address)` at `at`, with neither brackets in the label nor in the address."""
    close = at + 1
    while close < len(text) and text[close] not in "[]":
        close += 1
    if close == at + 1 or text[close : close + 2] != "](":
        return None
    end = start = close + 2
    while not is_space(text, end) and text[end] not in _URL_END:
        end += 1
    href = _href(text[start:end])
    if text[end : end + 1] != ")" or href is None:
        return None
    return Found(href=href, label=text[at + 1 : close], end=end + 1)


def autolink(text: str, at: int) -> Found | None:
    """A bare address at `at`, without the punctuation of the sentence around it."""
    scheme = _beginning(text[at : at + 8])
    if scheme is None or not is_word(text, at + len(scheme)):
        return None
    ends = _MAIL_END if scheme == "mailto:" else _AUTO_END
    end = at + len(scheme)
    while not is_space(text, end) and not is_one_of(text, end, ends):
        end += 1
    label = text[at : _trimmed(text, at, end)]
    href = _href(label)
    return None if href is None else Found(href=href, label=label, end=at + len(label))


def _beginning(text: str) -> str | None:
    lower = text.lower()
    return next((each for each in (*SCHEMES, _WWW) if lower.startswith(each)), None)


def _trimmed(text: str, start: int, end: int) -> int:
    """Sentence marks at the end are not part of it, nor is a `)` that nothing inside opened."""
    unopened = text.count(")", start, end) - text.count("(", start, end)
    for last in range(end, start, -1):
        if text[last - 1] == ")" and unopened > 0:
            unopened -= 1
        elif text[last - 1] not in _TRAILING:
            return last
    return start


def _href(address: str) -> str | None:
    """Where it leads, or None: it is no address, or one that may not lead out."""
    beginning = _beginning(address)
    if beginning is None or not is_word(address, len(beginning)):
        return None
    if beginning == _WWW:
        return f"https://{address}" if "." in address[len(_WWW) :] else None
    return address if beginning != "mailto:" or "@" in address else None
