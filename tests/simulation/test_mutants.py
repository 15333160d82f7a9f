"""The simulation finds each thing that is broken on purpose: it could fail."""

import pytest

from tests.simulation.client import ViolationError
from tests.simulation.mutants import LATE_COMMITS, LOSING_ALL, MUTANTS, Mutant, fall_silent
from tests.simulation.world import Luck, play

SEEDS = 150


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_is_broken_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch):
    if mutant.patch is not None:
        mutant.patch(monkeypatch)
    seeds = range(mutant.first, mutant.first + SEEDS)
    assert any(breaks(mutant, seed) for seed in seeds), "the simulation does not see it"


@pytest.mark.parametrize("luck", [LOSING_ALL, LATE_COMMITS], ids=["all lost", "late commits"])
def test_the_same_bad_luck_harms_nothing_that_is_whole(luck: Luck):
    for seed in range(40):
        play(seed, prepare=fall_silent, luck=luck)


def breaks(mutant: Mutant, seed: int) -> bool:
    try:
        play(seed, mutant.dangers, mutant.prepare, mutant.luck)
    except ViolationError:
        return True
    return False
