"""Titles and topics, in the form in which they are stored."""

import unicodedata
from typing import Final

from uptc_messenger.models.errors import BadRequest

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# A zero-width joiner binds emoji, and scripts of Asia need it and its opposite.
_JOINERS: Final = frozenset("\u200c\u200d")


def title(typed: str) -> str:
    """A title to show, on one line; raises `BadRequest` where there is nothing to see."""
    shown = " ".join(typed.split())
    if not any(character not in _JOINERS for character in shown) or _has_unseen(shown):
        raise BadRequest("title: something to read, without control characters.")
    return shown


def topic(typed: str) -> str:
    """A topic to show, which may be empty and may have several lines."""
    shown = typed.strip()
    if _has_unseen(shown.replace("\n", "")):
        raise BadRequest("topic: a text without control characters.")
    return shown


def _has_unseen(text: str) -> bool:
    return any(unicodedata.category(c) in _UNSEEN and c not in _JOINERS for c in text)
