"""The short form; `make faults` is the long one."""

import os

import pytest

from tests.faults.__main__ import choose, run
from tests.faults.journal import Journal
from tests.faults.verdict import Counts, judge, mixed

SEED = int(os.environ.get("UPTC_TEST_SEED", "1"))
SHORT = ("kill", "bus-both", "restore", "failover")
LOG = [(1, "a", True), (2, "member.left", False), (3, "b", True)]
COPY = [(1, "a"), (2, "member.left"), (3, "b")]


@pytest.mark.slow
async def test_nothing_is_lost_while_things_fail():
    faults, _ = choose(SHORT)
    rows = await run(faults, share=0.05, seed=SEED)
    assert {row.name for row in rows} == set(SHORT)
    for row in rows:
        assert (row.broken, row.counts.acknowledged > 0) == ([], True), (SEED, row)


def counts(*journals: Journal) -> Counts:
    return judge(LOG, journals)


def test_the_judge_sees_what_is_wrong():
    fine = Journal(promised={"a": 1}, tried={"a", "b"}, applied=COPY)
    assert counts(fine) == Counts(acknowledged=1)
    absent = Journal(promised={"c": 3}, tried={"a", "b", "c"}, applied=COPY)
    elsewhere = Journal(promised={"a": 2}, tried={"a", "b"}, applied=COPY)
    assert (counts(absent).lost, counts(elsewhere).lost) == (1, 1)
    assert judge([*LOG, (4, "a", True)], [fine]).doubled == 1
    assert judge([*LOG[:2], (4, "b", True)], [fine]).strange == ("the log has holes",)
    for copy in (COPY[::-1], COPY[:2], [*COPY, COPY[2]], [COPY[0], COPY[2]]):
        assert counts(Journal(tried={"a", "b"}, applied=copy)).disordered == 1
    assert counts(Journal(tried={"a"}, applied=COPY)).strange == ("nobody sent b",)


def test_a_copy_that_began_anew_has_what_came_since():
    assert counts(Journal(tried={"a", "b"}, floor=1, applied=COPY[2:])).disordered == 0
    assert counts(Journal(tried={"a", "b"}, floor=1)).disordered == 1


def test_a_retry_that_gets_another_place_is_noticed():
    journal = Journal(epochs=["one"])
    journal.promise("a", 1, now=0, took=0)
    journal.promise("a", 2, now=0, took=0)
    assert journal.strange == ["a retry got another place"]


def test_a_reset_has_its_reason_where_the_log_turns_out_to_be_another():
    journal = Journal(tried={"a", "b"}, applied=[*COPY], unexplained=1)
    assert counts(journal).strange == ("told to begin anew without a reason",)
    journal.begin_anew(floor=1)
    assert journal.odd == ["told to begin anew without a reason"], "a page further on is none"
    journal.begin_anew()
    assert journal.odd == []


def test_what_an_earlier_log_promised_binds_only_where_it_was_kept():
    journal = Journal(epochs=["one"], tried={"a", "b", "gone"}, applied=[*COPY])
    journal.promise("a", 1, now=0, took=0)
    journal.promise("gone", 3, now=0, took=0)
    assert counts(journal).lost == 1
    journal.kept = {"a"}
    journal.epochs.append("two")
    assert (counts(journal).lost, counts(journal).acknowledged) == (0, 1)
    journal.promise("b", 2, now=0, took=0)
    assert counts(journal).lost == 1, "what this log promises binds"


def test_what_is_of_two_logs_is_seen_though_it_was_dropped():
    journal = Journal(applied=[(1, "a"), (2, "member.left"), (3, "c")])
    journal.begin_anew()
    assert mixed([journal], ended="c") == []
    assert mixed([journal], ended="b") == ["c in the log before"]
