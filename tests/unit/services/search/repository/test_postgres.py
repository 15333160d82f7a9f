"""The statements are run on a real server in tests/contracts/test_search.py."""

from hypothesis import given
from hypothesis import strategies as st

from tests.core import NOON
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.search.repository import Wanted
from uptc_messenger.services.search.repository.postgres import _of_chat, _stretches, _time_of
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


@given(instants, st.just(first_place(1 << 42)) | instants, instants)
def test_a_stretch_has_the_terms_of_every_place_in_it(since: int, before: int, place: int):
    wanted = Wanted(chats={}, groups=(), since=since, before=before, limit=1, now=NOON)
    *stretches, last = _stretches(wanted)
    assert last == (since, ())
    assert sorted((begun for begun, _ in stretches), reverse=True) == [
        each[0] for each in stretches
    ]
    for begun, times in stretches:
        assert begun > since
        if begun <= place < before:
            term = _time_of(place)
            fits = [term.startswith(t.text) if t.prefix else term == t.text for t in times]
            assert fits.count(True) == 1
