"""The terms of a message in the index, and the terms by which a query asks for it.

Each term begins with its chat, so that a look into the index reads what that chat has under a
term and nothing of any other: the filter by chat is in the key, and a beginning of a word is
a range of one chat's terms.
"""

import base64
import functools
import hashlib
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from uptc_messenger.models.base import ChatId, Millis, Seq, UserId
from uptc_messenger.services.messages.indexing import Said
from uptc_messenger.services.search import analysis
from uptc_messenger.services.search.matching import MIN_PREFIX
from uptc_messenger.services.search.parsing import Query, Trait, Word

_LINK: Final = re.compile(r"https?://\S", re.IGNORECASE)
_LOW_BITS: Final = 20
_HALF: Final = 1 << (_LOW_BITS // 2)
EVERY: Final = ""
"""The term that every message of a chat has."""


class Term(NamedTuple):
    """A term that is asked for; with `prefix`, any that begins so."""

    text: str
    prefix: bool = False


Groups = tuple[tuple[Term, ...], ...]
"""A message must have one term of every group."""


@functools.lru_cache(maxsize=16_384)
def key_of(chat_id: ChatId) -> str:
    """What the terms of a chat begin with; two chats may share it, so a look-up names both."""
    digest = hashlib.blake2b(bytes.fromhex(chat_id.replace("-", "")), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower() + "."


def place_of(chat_id: ChatId, seq: Seq, created_at: Millis) -> int:
    """A number of 63 bits that grows with time, and that hardly two messages share."""
    mixed = int.from_bytes(hashlib.blake2b(chat_id.encode(), digest_size=2).digest(), "big")
    return (created_at << _LOW_BITS) | ((seq % _HALF) * _HALF + mixed % _HALF)


def first_place(at: Millis) -> int:
    """The lowest place of an instant."""
    return min(max(at, 0), (1 << 42)) << _LOW_BITS


def instant_of(place: int) -> Millis:
    """When the message of a place was sent."""
    return place >> _LOW_BITS


def of_message(chat_id: ChatId, said: Said) -> list[str]:
    """Every term of a message, sorted; none where nothing is left of it."""
    if said.text is None:
        return []
    found = {EVERY, _of_sender(said.sender_id), *analysis.terms(said.text)}
    if _LINK.search(said.text):
        found.add(_of_trait("link"))
    if said.files:
        found.add(_of_trait("file"))
    key = key_of(chat_id)
    return sorted(key + term for term in found)


def of_query(query: Query, senders: frozenset[UserId]) -> Groups:
    """What a message must have to be proposed; more than `match` asks for, never less."""
    groups = [group for word in query.words for group in _of_word(word)]
    groups += [group for phrase in query.phrases for group in _of_phrase(phrase)]
    groups += [(Term(_of_trait(trait)),) for trait in sorted(query.has)]
    if senders:
        groups.append(tuple(Term(_of_sender(sender)) for sender in sorted(senders)))
    return tuple(dict.fromkeys(groups)) or ((Term(EVERY),),)


def _of_word(word: Word) -> list[tuple[Term, ...]]:
    if word.run:
        return _exactly(word)
    plain = [Term(form) for form in sorted(analysis.forms(word.text))]
    return [(*plain, *_beginning(word))]


def _of_phrase(phrase: Sequence[Word]) -> Iterator[tuple[Term, ...]]:
    for word in phrase:
        yield from _exactly(word)
    for word, follower in itertools.pairwise(phrase):
        if not (word.run or follower.run or _beginning(follower)):
            yield (Term(analysis.pair(word.text, follower.text)),)


def _exactly(word: Word) -> list[tuple[Term, ...]]:
    if word.run:
        pairs = analysis.bigrams(word.text)
        return [(Term(pair),) for pair in pairs] or [(Term(word.text, prefix=True),)]
    return [(Term(word.text), *_beginning(word))]


def _beginning(word: Word) -> list[Term]:
    long_enough = word.prefix and len(word.text) >= MIN_PREFIX
    return [Term(word.text, prefix=True)] if long_enough else []


def _of_sender(user_id: UserId) -> str:
    return "@" + user_id.replace("-", "")


def _of_trait(trait: Trait) -> str:
    return "#" + trait
