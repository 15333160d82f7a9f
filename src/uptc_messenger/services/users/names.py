"""Names: how they are compared, checked and looked up."""

import re
import unicodedata
from typing import Final

from uptc_messenger.models.errors import BadRequest, Conflict
from uptc_messenger.models.users import USERNAME_PATTERN

_USERNAME: Final = re.compile(USERNAME_PATTERN)
_WORD: Final = re.compile(r"[^\W_]+")
# Letters that Unicode does not decompose, though people leave their strokes out when they type.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}  # noqa: RUF001
)
_RESERVED: Final = frozenset({"all", "channel", "everyone", "here", "system", "todas", "todos"})
MAX_WORDS: Final = 5


def fold_username(typed: str) -> str:
    """The username that was meant, in the one form in which it is stored and compared."""
    username = typed.casefold()
    if not _USERNAME.match(username):
        raise BadRequest(
            "username: 3 to 32 of the letters a-z, digits, full stop, hyphen and underscore."
        )
    return username


def new_username(typed: str) -> str:
    """A username that somebody may take: one that can be told from a mark or a command."""
    username = fold_username(typed)
    if not any(character.isalnum() for character in username):
        raise BadRequest("username: at least one letter or digit.")
    if username in _RESERVED:
        raise Conflict("This username is reserved: it stands for many people.")
    return username


def display_name(typed: str) -> str:
    """A name to show: no space around it, no control or direction-changing characters."""
    name = " ".join(typed.split())
    if not name or any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} for c in name):
        raise BadRequest("display_name: a name to show, without control characters.")
    return name


def fold(text: str) -> str:
    """Letters without case and marks: what people who look for a name type."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in marked if not unicodedata.combining(c))
    return plain.translate(_PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text, at most `MAX_WORDS`."""
    return _WORD.findall(fold(text))[:MAX_WORDS]


def search_key(username: str, shown: str) -> str:
    """What the directory searches: every word after a space, so ` word` finds its beginning."""
    parts = dict.fromkeys([*_WORD.findall(fold(shown)), username, *_WORD.findall(username)])
    return " " + " ".join(parts)
