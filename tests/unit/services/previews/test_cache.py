import pytest

from tests.core import SetClock
from uptc_messenger.services.messages.previews import Kept
from uptc_messenger.services.previews import cache
from uptc_messenger.services.previews.cache import Cache

URL = "https://example.org/"


def test_what_was_found_is_known_for_a_time():
    clock = SetClock()
    known = Cache(clock, 1_000)
    assert known.get(URL) is None
    known.put(URL, Kept(url=URL, title="a"))
    clock.now += 999
    assert known.get(URL) == (Kept(url=URL, title="a"),)
    clock.now += 1
    assert known.get(URL) is None
    assert len(known) == 0


def test_that_there_was_nothing_is_known_for_a_tenth_of_it():
    clock = SetClock()
    known = Cache(clock, 1_000)
    known.put(URL, None)
    clock.now += 99
    assert known.get(URL) == (None,)
    clock.now += 1
    assert known.get(URL) is None


def test_it_forgets_what_it_found_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "MOST", 2)
    known = Cache(SetClock(), 1_000)
    for name in "abac":
        known.put(name, None)
    assert (known.get("b"), known.get("a"), known.get("c")) == (None, (None,), (None,))
