"""The short form; `make faults` is the long one."""

import pytest

from tests.faults.__main__ import run
from tests.faults.client import Journal
from tests.faults.drill import judge


@pytest.mark.slow
async def test_nothing_is_lost_while_nodes_die_the_bus_goes_and_the_primary_fails_over():
    rows = await run(["kill", "bus-both", "failover"], share=0.05, seed=1)
    assert len(rows) == 3
    for row in rows:
        assert row.acknowledged > 0, row
        assert (row.lost, row.doubled, row.disordered, row.strange) == (0, 0, 0, []), row


def test_the_judge_sees_what_is_wrong():
    log = [(1, "a"), (2, "b")]
    fine = Journal(promised={"a": 1}, tried={"a", "b"}, applied=log)
    assert judge(log, [fine]) == (0, 0, 0, [])
    assert judge(log, [Journal(promised={"c": 3}, tried={"a", "b", "c"}, applied=log)])[0] == 1
    assert judge(log, [Journal(promised={"a": 2}, tried={"a", "b"}, applied=log)])[0] == 1
    assert judge([*log, (3, "a")], [fine])[1] == 1
    assert judge(log, [Journal(tried={"a", "b"}, applied=log[::-1])])[2] == 1
    assert judge(log, [Journal(tried={"a", "b"}, applied=log[:1])])[2] == 1
    assert judge(log, [Journal(tried={"a"}, applied=log)])[3] == ["nobody sent b"]
