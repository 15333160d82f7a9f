"""Whether a text is what was looked for, how well, and where: the same for both engines.

An engine proposes messages by their terms; this decides, from the text as it is now.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from uptc_messenger.models.base import Millis
from uptc_messenger.services.search.analysis import Token, forms, loose, tokens
from uptc_messenger.services.search.parsing import Query, Word

MIN_PREFIX: Final = 3
"""Letters of a word that is still being typed before its beginning is enough."""

HALF_LIFE_MS: Final = 30 * 24 * 3600 * 1000
_EXACT: Final = 1.0
_ALIKE: Final = 0.85
_BEGUN: Final = 0.7
_LOOSE: Final = 0.4


class Match(NamedTuple):
    """How well a text fits, and where: `loose` where an n stands for an ñ."""

    relevance: float
    loose: bool
    spans: list[tuple[int, int]]


class _Found:
    """What of a query was found in a text so far."""

    def __init__(self) -> None:
        self.qualities: list[float] = []
        self.spans: set[tuple[int, int]] = set()

    def add(self, quality: float, spans: Sequence[tuple[int, int]]) -> bool:
        if quality:
            self.qualities.append(quality)
            self.spans.update(spans)
        return quality > 0


def match(query: Query, text: str) -> Match | None:
    """How a text fits the words and phrases of a query; None where one of them is not in it."""
    listed = list(tokens(text))
    found = _Found()
    fits = all(found.add(*_find(word, listed)) for word in query.words) and all(
        found.add(*_find_phrase(phrase, listed)) for phrase in query.phrases
    )
    if not fits:
        return None
    qualities = found.qualities
    return Match(
        relevance=sum(qualities) / len(qualities) if qualities else _EXACT,
        loose=_LOOSE in qualities,
        spans=_merged(sorted(found.spans)),
    )


def score(found: Match, age: Millis) -> float:
    """Relevance, and as much again for what was said just now; that half fades in 30 days."""
    return found.relevance + 0.5 ** (max(age, 0) / HALF_LIFE_MS)


def _find(word: Word, listed: Sequence[Token]) -> tuple[float, list[tuple[int, int]]]:
    hits = [(_quality(word, token), token) for token in listed]
    best = max((quality for quality, _ in hits), default=0.0)
    return best, [_span(word, token) for quality, token in hits if quality]


def _quality(word: Word, token: Token) -> float:
    if word.run or token.run:
        return _EXACT if word.run and token.run and word.text in token.word else 0.0
    alike = _alikeness(word, token.word)
    if not alike and "ñ" in token.word and _alikeness(word, loose(token.word)):
        return _LOOSE
    return alike


def _alikeness(word: Word, other: str) -> float:
    if word.text == other:
        return _EXACT
    if not forms(word.text).isdisjoint(forms(other)):
        return _ALIKE
    return _BEGUN if _begins(word, other) else 0.0


def _begins(word: Word, other: str) -> bool:
    return word.prefix and len(word.text) >= MIN_PREFIX and other.startswith(word.text)


def _find_phrase(
    phrase: Sequence[Word], listed: Sequence[Token]
) -> tuple[float, list[tuple[int, int]]]:
    best, spans = 0.0, list[tuple[int, int]]()
    for at in range(len(listed) - len(phrase) + 1):
        pairs = list(zip(phrase, listed[at : at + len(phrase)], strict=True))
        quality = min(_sameness(word, token) for word, token in pairs)
        if quality:
            best = max(best, quality)
            spans += [_span(word, token) for word, token in pairs]
    return best, spans


def _sameness(word: Word, token: Token) -> float:
    if word.run or token.run:
        return _quality(word, token)
    if word.text == token.word or _begins(word, token.word):
        return _EXACT
    typed = loose(token.word)
    return _LOOSE if word.text == typed or _begins(word, typed) else 0.0


def _span(word: Word, token: Token) -> tuple[int, int]:
    if word.run and len(token.word) == token.end - token.start:
        start = token.start + token.word.index(word.text)
        return start, start + len(word.text)
    return token.start, token.end


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
