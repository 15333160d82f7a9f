r"""Classes of characters, the same in both languages.

They are written out because `\s` and `str.isspace` mean other characters in other languages.
"""

import string
from typing import Final

SPACES: Final = frozenset(" \t\n\u00a0\u3000")
PUNCTUATION: Final = frozenset(string.punctuation)
NAME: Final = frozenset(string.ascii_letters + string.digits + "._-")


def is_space(text: str, at: int) -> bool:
    """Whether a space stands there; both ends of a line count as space."""
    return not 0 <= at < len(text) or text[at] in SPACES


def is_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()


def is_one_of(text: str, at: int, characters: frozenset[str]) -> bool:
    return 0 <= at < len(text) and text[at] in characters
