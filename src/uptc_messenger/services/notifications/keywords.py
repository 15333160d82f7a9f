"""Words that a person wants to hear of wherever they are said."""

import functools
from collections.abc import Collection, Iterable

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.search.analysis import tokens


def cleaned(typed: Iterable[str]) -> list[str]:
    """As they are kept: without needless spaces, each once; `BadRequest` where there is no word."""
    kept: dict[tuple[str, ...], str] = {}
    for one in typed:
        words = _words(one)
        if not words:
            raise BadRequest("keywords: each has a word in it.")
        kept.setdefault(words, " ".join(one.split()))
    return list(kept.values())


def said(wanted: Collection[str], text: str) -> bool:
    """Whether one of them is said: whole words, without regard to case and accents."""
    heard = _heard(text) if wanted else ()
    return any(_among(_words(one), heard) for one in wanted)


@functools.lru_cache(maxsize=64)
def _heard(text: str) -> tuple[str, ...]:
    # A message is judged for each of its listeners, one after the other.
    return _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text))


def _among(words: tuple[str, ...], heard: tuple[str, ...]) -> bool:
    last = len(heard) - len(words)
    return any(heard[at : at + len(words)] == words for at in range(last + 1))
