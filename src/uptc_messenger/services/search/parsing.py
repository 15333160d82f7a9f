"""What somebody typed into a search field. Nothing typed is wrong: it finds less, at worst."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, get_args

from uptc_messenger.models.base import Millis, Record
from uptc_messenger.services.search.analysis import Token, fold, tokens

MAX_WORDS: Final = 12
"""Words that are looked for; those after them are left out."""

Trait = Literal["link", "file"]
"""What a message can have, besides words."""

TRAITS: Final[frozenset[str]] = frozenset(get_args(Trait))
_Key = Literal["from", "in", "has", "before", "after"]
_KEYS: Final[dict[str, _Key]] = {
    "from": "from", "de": "from",
    "in": "in", "en": "in",
    "has": "has", "tiene": "has",
    "before": "before", "antes": "before",
    "after": "after", "despues": "after",
}  # fmt: skip
_TRAIT_NAMES: Final[dict[str, Trait]] = {
    "link": "link", "links": "link", "enlace": "link", "enlaces": "link",
    "file": "file", "files": "file", "archivo": "file", "archivos": "file",
}  # fmt: skip
_PIECE: Final = re.compile(
    r'(?P<key>[^\W\d_]{2,10}):(?P<value>"[^"]*"?|[^\s"]+)|"(?P<phrase>[^"]*)(?P<end>"?)|[^\s"]+'
)
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„«»", '"'))
"""Telephones write them by themselves."""
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_SPANISH_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


class Word(NamedTuple):
    """A folded word or run that is looked for; with `prefix`, its beginning is enough."""

    text: str
    run: bool = False
    prefix: bool = False


class Query(Record, frozen=True):
    """Every word, every phrase, every trait; any of the senders, any of the chats.

    `senders` and `chats` are names or ids as typed. Instants are in [since, before).
    """

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[Word, ...], ...] = ()
    senders: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    has: frozenset[Trait] = frozenset()
    since: Millis | None = None
    before: Millis | None = None


class _Draft:
    """A query while it is read."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.phrases: list[tuple[Word, ...]] = []
        self.senders: list[str] = []
        self.chats: list[str] = []
        self.has: set[Trait] = set()
        self.since: Millis | None = None
        self.before: Millis | None = None

    def operator(self, key: _Key, value: str) -> bool:
        """Take an operator; False where its value means nothing."""
        match key:
            case "from":
                self.senders.append(value)
            case "in":
                self.chats.append(value)
            case "has":
                return self._trait(value)
            case "before":
                return self._until(value)
            case "after":
                return self._from(value)
        return True

    def _trait(self, value: str) -> bool:
        trait = _TRAIT_NAMES.get(fold(value))
        if trait is not None:
            self.has.add(trait)
        return trait is not None

    def _until(self, value: str) -> bool:
        at = instant(value)
        if at is not None:
            self.before = at if self.before is None else min(at, self.before)
        return at is not None

    def _from(self, value: str) -> bool:
        at = instant(value)
        if at is not None:
            self.since = at if self.since is None else max(at, self.since)
        return at is not None


def parse(typed: str) -> Query:
    """The query that was meant; an operator that means nothing is words like any other."""
    draft = _Draft()
    typed = typed.replace("\0", " ")  # no engine takes one, not even in a name
    typed = typed.translate(_QUOTES)
    for found in _PIECE.finditer(typed):
        _take(draft, found, last=found.end() == len(typed))
    words = draft.words[:MAX_WORDS]
    return Query(
        words=tuple(words),
        phrases=tuple(_shortened(draft.phrases, MAX_WORDS - len(words))),
        senders=tuple(draft.senders),
        chats=tuple(draft.chats),
        has=frozenset(draft.has),
        since=draft.since,
        before=draft.before,
    )


def _take(draft: _Draft, found: re.Match[str], *, last: bool) -> None:
    key = _KEYS.get(fold(found["key"] or ""))
    if key is not None and (value := found["value"].strip('"').strip()):
        if draft.operator(key, value):
            return
        last = False
    if found["phrase"] is not None:
        phrase = _words(found["phrase"], prefix=last and not found["end"])
        draft.phrases += [phrase] if phrase else []
    else:
        draft.words += _words(found[0], prefix=last)


def _words(text: str, *, prefix: bool) -> tuple[Word, ...]:
    found: list[Token] = list(tokens(text))
    # A word is still being typed only where nothing stands behind it.
    open_end = prefix and bool(found) and found[-1].end == len(text)
    return tuple(
        Word(token.word, run=token.run, prefix=open_end and token is found[-1]) for token in found
    )


def _shortened(phrases: list[tuple[Word, ...]], room: int) -> Iterator[tuple[Word, ...]]:
    for phrase in phrases:
        if room <= 0:
            return
        yield phrase[:room]
        room -= len(phrase)


def instant(typed: str) -> Millis | None:
    """The beginning, in UTC, of a day, month or year; or an instant of RFC 3339."""
    if (found := _DAY.fullmatch(typed)) is not None:
        return _millis(*(int(part or 1) for part in found.groups()))
    if (found := _SPANISH_DAY.fullmatch(typed)) is not None:
        return _millis(*(int(part) for part in reversed(found.groups())))
    return _moment(typed)


def _moment(typed: str) -> Millis | None:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return _since_epoch(at.replace(tzinfo=at.tzinfo or UTC))


def _millis(*parts: Any) -> Millis | None:  # noqa: ANN401 - year, month, day
    try:
        return _since_epoch(datetime(*parts, tzinfo=UTC))
    except ValueError:
        return None


def _since_epoch(at: datetime) -> Millis:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
