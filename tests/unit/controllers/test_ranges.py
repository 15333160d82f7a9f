import time

import pytest

from uptc_messenger.controllers.ranges import Span, Unsatisfiable, is_known, wanted

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, 100),
        ("bytes=-1", 99, 100),
        ("bytes=-500", 0, 100),
        ("bytes=99-99999999999999999", 99, 100),
        ("bytes= 1 - 2", 1, 3),
    ],
)
def test_one_range(asked: str, start: int, end: int):
    assert wanted({"range": asked}, 100, ETAG) == Span(start=start, end=end)


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", "bytes=1-1" + "0" * 90],
)
def test_what_is_no_range_is_the_whole(asked: str):
    assert wanted({"range": asked}, 100, ETAG) is None


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_bytes_that_there_are_not(asked: str):
    with pytest.raises(Unsatisfiable):
        wanted({"range": asked}, 100, ETAG)


def test_a_range_of_something_else_is_the_whole_of_this():
    asked = {"range": "bytes=0-1", "if-range": '"other"'}
    assert wanted(asked, 100, ETAG) is None
    assert wanted({**asked, "if-range": ETAG}, 100, ETAG) == Span(start=0, end=2)


def test_what_is_known_already():
    assert is_known({"if-none-match": f'"x", W/{ETAG}'}, ETAG)
    assert is_known({"if-none-match": "*"}, ETAG)
    assert not is_known({"if-none-match": '"x"'}, ETAG)
    assert not is_known({}, ETAG)


def test_a_long_header_costs_nothing():
    started = time.perf_counter()
    wanted({"range": "bytes=" + "0-," * 500_000}, 100, ETAG)
    assert time.perf_counter() - started < 5
