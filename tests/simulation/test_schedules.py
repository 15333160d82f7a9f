"""Thousands of schedules of a cluster in virtual time; each follows from its seed."""

import os

import pytest

from tests.simulation.world import play

pytestmark = pytest.mark.slow
SCHEDULES = int(os.environ.get("UPTC_MESSENGER_SCHEDULES", "2000"))
START = int(os.environ.get("UPTC_MESSENGER_SEED", "0"))
BATCHES = 20


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_client_ends_with_what_the_log_says_and_heard_nothing_else(batch: int):
    size = SCHEDULES // BATCHES
    for seed in range(START + batch * size, START + (batch + 1) * size):
        play(seed)


def test_a_schedule_means_something():
    """Messages are acknowledged, gaps are read, nodes die: the verdict is about something."""
    worlds = [play(seed) for seed in range(20)]
    assert sum(len(c.acknowledged) for w in worlds for c in w.clients) > 200
    assert sum(n.hub.repairs.begun for w in worlds for n in w.nodes) > 20
    assert sum(len(w.sessions) for w in worlds) > 120
