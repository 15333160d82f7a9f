from tests.core import NOON
from uptc_messenger.services.search.repository.entries import Entry, Wanted


def test_what_is_asked_for_is_a_value():
    wanted = Wanted(chats={}, groups=(), since=0, before=NOON, limit=1, now=NOON)
    assert wanted == Wanted(chats={}, groups=(), since=0, before=NOON, limit=1, now=NOON)
    assert Entry(seq=1, place=2, terms=[]) == (1, 2, [])
