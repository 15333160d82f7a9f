"""Words that a person wants to hear of wherever they are said."""

from collections.abc import Iterable, Sequence

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


def said(wanted: Iterable[str], text: str) -> bool:
    """Whether one of them is said: whole words, without regard to case and accents."""
    heard = [token.word for token in tokens(text)] if wanted else []
    return any(_among(_words(one), heard) for one in wanted)


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text))


def _among(words: Sequence[str], heard: Sequence[str]) -> bool:
    last = len(heard) - len(words)
    return any(tuple(heard[at : at + len(words)]) == words for at in range(last + 1))
