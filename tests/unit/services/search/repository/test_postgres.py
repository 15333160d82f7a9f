"""The statements are run on a real server in tests/contracts/test_search.py."""

from hypothesis import given
from hypothesis import strategies as st

from tests.core import NOON
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository import Wanted
from uptc_messenger.services.search.repository.postgres import _of_chat, _stretches, _times_of
from uptc_messenger.services.search.terms import Term, first_place, key_of
from uptc_messenger.toolkit.ids import uuid7


def test_terms_are_quoted_whatever_they_are():
    chat = ChatId(uuid7())
    key = key_of(chat)
    groups = ((Term("a'b\\"), Term("c", prefix=True)), (Term("d"),))
    asked = f"('{key}a''b\\\\' | '{key}c':*) & ('{key}d')"
    assert _of_chat(chat, groups) == asked


DAY_MS = 86_400_000
instants = st.integers(NOON - 900 * DAY_MS, NOON).map(first_place)


@given(instants | st.just(0), st.just(first_place(1 << 42)) | instants, instants)
def test_a_stretch_has_the_terms_of_every_place_in_it(since: int, before: int, place: int):
    wanted = Wanted(chats={}, groups=(), since=since, before=before, limit=1, now=NOON)
    if since >= before:
        assert list(_stretches(wanted)) == []
        return
    *stretches, last = _stretches(wanted)
    assert last[0] == since
    assert (last[1] == ()) == (since == 0 and before > first_place(NOON + DAY_MS))
    assert sorted((begun for begun, _ in stretches), reverse=True) == [
        each[0] for each in stretches
    ]
    for begun, times in stretches:
        assert begun > since
        if begun <= place < before:
            assert _count(times, place) == 1
    # Whatever the clock of this node says: that of the database dates what is said.
    for sent in (place, first_place(2 * NOON) - place):
        if since <= sent < before and last[1]:
            assert _count(last[1], sent) == 1


@given(instants, instants)
def test_what_is_outside_of_the_time_has_none_of_its_terms(since: int, before: int):
    wanted = Wanted(chats={}, groups=(), since=since, before=before, limit=1, now=NOON)
    day = first_place(DAY_MS)
    for begun, times in _stretches(wanted):
        if times:
            assert _count(times, begun - 13 * day) == _count(times, before + 13 * day) == 0


def test_a_whole_block_has_one_term():
    wanted = Wanted(chats={}, groups=(), since=0, before=first_place(1 << 42), limit=1, now=NOON)
    newest, longer, ever = [terms for _, terms in _stretches(wanted)]
    assert (len(newest), len(longer), len(ever)) == (2, 2, 0)
    assert not any(term.prefix for term in newest + longer)


def _count(times: tuple[Term, ...], place: int) -> int:
    """How many of the terms find an entry of that place."""
    found = _times_of(place)
    return sum(
        any(time.startswith(t.text) if t.prefix else time == t.text for time in found)
        for t in times
    )
