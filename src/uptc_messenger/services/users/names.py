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
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})
_JOINERS: Final = frozenset("\u200c\u200d")
_VIRAMA: Final = 9
"""The combining class of what takes a consonant its vowel."""
# From Arabic to Sinhala, Tibetan and Myanmar, Khmer and Mongolian: in no other do joiners show.
_JOINING: Final = re.compile(r"[\u0600-\u0dff\u0f00-\u109f\u1780-\u18af]")
_EMOJI: Final = "[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_IN_EMOJI: Final = re.compile(f"(?:(?<={_EMOJI})|(?<={_EMOJI}\ufe0f))\u200d(?={_EMOJI})")
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
    """A name to show: no space around it, no control or direction-changing characters.

    A joiner stands only where it changes what is seen, so that it hides in no other name.
    """
    name = " ".join(typed.split())
    if not name or any(unicodedata.category(c) in _UNSEEN for c in _without_joiners(name)):
        raise BadRequest("display_name: a name to show, without control characters.")
    return name


def _without_joiners(name: str) -> str:
    """The name without those that join: as RFC 5892 (A.1, A.2) has it, simplified, or emoji."""
    text = _IN_EMOJI.sub("", name)
    around = zip(" " + text, text, text[1:] + " ", strict=False)
    return "".join(
        c for before, c, after in around if c not in _JOINERS or not _joins(before, after)
    )


def _joins(before: str, after: str) -> bool:
    return unicodedata.combining(before) == _VIRAMA or (_is_joining(before) and _is_joining(after))


def _is_joining(character: str) -> bool:
    letter = unicodedata.category(character)[0] in "LM"
    return letter and _JOINING.match(character) is not None


def fold(text: str) -> str:
    """Letters without case, marks and joiners: what people who look for a name type."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in marked if not unicodedata.combining(c) and c not in _JOINERS)
    return plain.translate(_PLAIN)


def words(text: str) -> list[str]:
    """The folded words of a text, at most `MAX_WORDS`."""
    return _WORD.findall(fold(text))[:MAX_WORDS]


def search_key(username: str, shown: str) -> str:
    """What the directory searches: every word after a space, so ` word` finds its beginning."""
    parts = dict.fromkeys([*_WORD.findall(fold(shown)), username, *_WORD.findall(username)])
    return " " + " ".join(parts)
