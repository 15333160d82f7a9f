"""Searching: messages that the caller may read now, the best first.

The index proposes the newest messages that have the terms, a window at a time; their texts
are read in the same snapshot, judged and ordered here. Windows follow each other back in
time, so that everything is reached however much there is, and a page costs the same.
"""

import re
from collections.abc import Mapping
from typing import Final

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import UUID_PATTERN, ChatId, Millis, Record, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.search import Hit
from uptc_messenger.services import users
from uptc_messenger.services.chats import access, finding
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import indexing
from uptc_messenger.services.messages.presentation import present_each
from uptc_messenger.services.search import repository, terms
from uptc_messenger.services.search.matching import Match, match, score
from uptc_messenger.services.search.parsing import Query

WINDOW: Final = 128
"""Messages that are judged together, and among which the best comes first."""

WINDOWS: Final = 4
"""Windows in one answer: what matches hardly anything ends after so many."""

_NAMESAKES: Final = 20
_MYSELF: Final = frozenset({"me", "yo", "mi", "mí"})
_ID: Final = re.compile(UUID_PATTERN)
_END: Final = terms.first_place(1 << 42)


class Order(Record, frozen=True):
    """Where a hit stands among those of its window: lower is better."""

    loose: bool
    worse: float
    older: int

    @property
    def key(self) -> tuple[bool, float, int]:
        """What is compared."""
        return self.loose, self.worse, self.older


class Place(Record, frozen=True):
    """Where a page ended: ages are counted from `now`, the window is [bottom, top).

    A `bottom` of 0 is a window that ends where it is full.
    """

    now: Millis
    top: int = _END
    bottom: int = 0
    after: Order | None = None


class Scope(Record, frozen=True):
    """Who asks, and where: in one chat, or in all of the person's."""

    user_id: UserId
    chat_id: ChatId | None = None
    sender_id: UserId | None = None


class _Search(Record, frozen=True):
    """What is looked for, once names are ids and what may be read is known."""

    query: Query
    members: Mapping[ChatId, Member]
    groups: terms.Groups


class _Found(Record, frozen=True):
    """A message that fits."""

    order: Order
    row: Row
    match: Match


def search(
    reader: Reader, scope: Scope, query: Query, place: Place, limit: int
) -> tuple[list[Hit], Place | None]:
    """Up to `limit` hits, and where to go on; None where nothing follows.

    Raises `NotFound` where the chat of the scope is not the caller's.
    """
    wanted = _prepare(reader, scope, query)
    if wanted is None:
        return [], None
    found, end = _collect(reader, wanted, place, limit)
    return _hits(reader, wanted, found), end


def _prepare(reader: Reader, scope: Scope, query: Query) -> _Search | None:
    members = _members(reader, scope, query)
    senders = _senders(reader, scope, query)
    nothing = query == Query() and scope.sender_id is None
    if not members or senders is None or nothing:
        return None
    groups = terms.of_query(query, senders)
    return _Search(query=query, members=members, groups=groups)


def _members(reader: Reader, scope: Scope, query: Query) -> dict[ChatId, Member]:
    if scope.chat_id is not None:
        return {scope.chat_id: access.require_member(reader, scope.user_id, scope.chat_id)}
    mine = set(chats.chat_ids(reader, scope.user_id))
    if query.chats:
        named = [_chats_called(reader, scope.user_id, typed) for typed in query.chats]
        mine &= set[ChatId]().union(*named)
    proofs = access.find_members(reader, [(scope.user_id, chat_id) for chat_id in mine])
    return {member.chat_id: member for member in proofs.values()}


def _chats_called(reader: Reader, user_id: UserId, typed: str) -> set[ChatId]:
    return {ChatId(typed)} if _is_id(typed) else finding.find(reader, user_id, typed)


def _senders(reader: Reader, scope: Scope, query: Query) -> frozenset[UserId] | None:
    """Whose messages; empty is anybody's, None is nobody's."""
    found = {scope.sender_id} if scope.sender_id is not None else set[UserId]()
    if not query.senders:
        return frozenset(found)
    named = set[UserId]().union(*(_people(reader, scope, typed) for typed in query.senders))
    both = named & found if found else named
    return frozenset(both) or None


def _people(reader: Reader, scope: Scope, typed: str) -> set[UserId]:
    name = typed.removeprefix("@").casefold()
    if name in _MYSELF:
        return {scope.user_id}
    if _is_id(name):
        return {UserId(name)}
    exact = users.ids_by_username(reader, [name])
    if exact:
        return set(exact.values())
    return {person.user_id for person in users.find(reader, name, "", _NAMESAKES).users}


def _is_id(typed: str) -> bool:
    return _ID.fullmatch(typed) is not None


def _collect(
    reader: Reader, wanted: _Search, place: Place, limit: int
) -> tuple[list[_Found], Place | None]:
    found: list[_Found] = []
    for _ in range(WINDOWS):
        proposals = _propose(reader, wanted, place)
        window = _judged(reader, wanted, place, proposals)
        taken = window[: limit - len(found)]
        found += taken
        full = len(proposals) == WINDOW
        bottom = place.bottom or (proposals[-1].place if full else 0)
        if len(taken) < len(window):
            # From now on the window is this one, whatever is said or deleted meanwhile.
            top = min(place.top, proposals[0].place + 1)
            after = taken[-1].order if taken else place.after
            return found, Place(now=place.now, top=top, bottom=bottom, after=after)
        if not bottom:
            return found, None
        place = Place(now=place.now, top=bottom)
        if len(found) == limit:
            break
    return found, place


def _propose(reader: Reader, wanted: _Search, place: Place) -> list[repository.Proposal]:
    since, before = wanted.query.since, wanted.query.before
    first = 0 if since is None else terms.first_place(since)
    last = _END if before is None else terms.first_place(before)
    return list(
        repository.propose(
            reader,
            repository.Wanted(
                chats={chat_id: m.visible_after for chat_id, m in wanted.members.items()},
                groups=wanted.groups,
                since=max(first, place.bottom),
                before=min(last, place.top),
                limit=WINDOW,
                now=place.now,
            ),
        )
    )


def _judged(
    reader: Reader, wanted: _Search, place: Place, proposals: list[repository.Proposal]
) -> list[_Found]:
    rows = indexing.rows_of(reader, {(one.chat_id, one.seq) for one in proposals})
    texts = indexing.texts_of(reader, list(rows.values()))
    found: list[_Found] = []
    for one in proposals:
        row = rows.get((one.chat_id, one.seq))
        fit = None if row is None else match(wanted.query, texts[one.chat_id, one.seq])
        if row is None or fit is None:
            continue
        worse = -round(score(fit, place.now - row.created_at), 6)
        order = Order(loose=fit.loose, worse=worse, older=-one.place)
        if place.after is None or order.key > place.after.key:
            found.append(_Found(order=order, row=row, match=fit))
    return sorted(found, key=lambda each: each.order.key)


def _hits(reader: Reader, wanted: _Search, found: list[_Found]) -> list[Hit]:
    messages = present_each(reader, wanted.members, [each.row for each in found])
    return [
        Hit(chat_id=message.chat_id, message=message, highlights=_in_text(each))
        for each, message in zip(found, messages, strict=True)
    ]


def _in_text(found: _Found) -> list[tuple[int, int]]:
    """What to highlight: what fits in the name of a file stands behind the text."""
    size = len(found.row.body["text"])
    return [span for span in found.match.spans if span[1] <= size]
