"""From text to the terms under which it is found: the same for both engines.

An engine sees terms and nothing else, so what is found does not depend on its dictionaries.
Letters lose case and marks; only ñ stays, because it is a letter and not a marked n.
"""

import functools
import itertools
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import Stemmer

Stem = Callable[[str], str]
MAX_TERM: Final = 40
"""Letters of a word that count."""

_VOWELS: Final = "aeiou"
_REMEMBERED: Final = 65_536
_PAIRS: Final = 4_096
# Scripts that are written without spaces, and Hangul, whose particles stick to the word.
_RUN: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# Marks that stand on or between letters of a word; no mark is a letter to `re`.
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0980-\u0dff\u200c\u200d"
)
_TOKEN: Final = re.compile(rf"(?P<run>[{_RUN}]+)|[^\W_{_RUN}](?:[^\W_{_RUN}]|[{_MARKS}])*")
# Letters that Unicode does not decompose, though people leave their strokes out when they type.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}  # noqa: RUF001
)


class Token(NamedTuple):
    """A word of a text, or a run of a script without spaces; folded, with where it stands."""

    word: str
    start: int
    end: int
    run: bool


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in their order; positions count code points of the text."""
    for found in _TOKEN.finditer(text):
        run = found["run"] is not None
        word = _run(found[0]) if run else fold(found[0])
        if word:
            yield Token(word, found.start(), found.end(), run)


@functools.lru_cache(maxsize=_REMEMBERED)
def fold(word: str) -> str:
    """A word without case and marks, but for the tilde of ñ; at most `MAX_TERM` letters."""
    word = unicodedata.normalize("NFKD", word[: 4 * MAX_TERM])
    word = unicodedata.normalize("NFKD", word.casefold()).replace("n\u0303", "ñ")
    kept = (c for c in word if not unicodedata.combining(c) and (c.isalnum() or c > "\x7f"))
    return "".join(kept).translate(_PLAIN)[:MAX_TERM]


def loose(word: str) -> str:
    """A folded word as somebody types it who has no ñ on the keyboard."""
    return word.replace("ñ", "n")


@functools.lru_cache(maxsize=_REMEMBERED)
def forms(word: str) -> frozenset[str]:
    """A folded word, and its stems in Spanish and English: two words that share one are alike."""
    # Typed without its accent, -ion would not be the ending that the stemmer knows.
    accented = f"{word[:-3]}ión" if word.endswith("ion") else word
    spanish, english = _stemmers()
    found = {word, fold(spanish(accented)), english(word)}
    if len(word) > 3 and word[-1] == "s" and word[-2] in _VOWELS:  # noqa: PLR2004 - años, not es
        found.add(word[:-1])
    return frozenset(found - {""})


@functools.lru_cache(maxsize=_REMEMBERED)
def terms_of(word: str) -> frozenset[str]:
    """The terms of a folded word of a text: with ñ it is found by n as well, never the reverse."""
    return forms(word) | forms(loose(word)) if "ñ" in word else forms(word)


def bigrams(run: str) -> list[str]:
    """Every pair of neighbours in a run, in order; a run of one has none."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def pair(word: str, follower: str) -> str:
    """The term of a word and of what follows it: few share one, and the text tells them apart.

    An n stands for an ñ in it, so that one term serves who types either.
    """
    return f".{zlib.crc32(loose(f'{word} {follower}').encode()) % _PAIRS:03x}"


def terms(text: str) -> set[str]:
    """All terms under which a text is found."""
    listed = list(tokens(text))
    found = {pair(a.word, b.word) for a, b in itertools.pairwise(listed) if not (a.run or b.run)}
    for token in listed:
        if token.run:
            # The last letter alone too: every letter then begins a term.
            found.update(bigrams(token.word), token.word[-1])
        else:
            found |= terms_of(token.word)
    return found


def _run(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@functools.cache
def _stemmers() -> tuple[Stem, Stem]:
    untyped: Any = Stemmer
    # Without its own cache, which is not made for threads; ours is before it.
    return untyped.Stemmer("spanish", 0).stemWord, untyped.Stemmer("english", 0).stemWord
