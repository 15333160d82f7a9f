"""The product, broken on purpose: each mutant takes out one thing that the guarantee needs."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulation.log import Dangers
from tests.simulation.world import Luck, World
from uptc_messenger.models.base import Millis
from uptc_messenger.services.websocket import repairs, tokens
from uptc_messenger.services.websocket.sweeper import Sweeper

Patch = pytest.MonkeyPatch
Prepare = Callable[[World], None]


@dataclass(frozen=True)
class Mutant:
    """How a schedule is played with something broken."""

    name: str
    dangers: Dangers | None = None
    patch: Callable[[Patch], None] | None = None
    prepare: Prepare | None = None
    luck: Luck | None = None
    first: int = 0
    """The seed to begin with: a rare coincidence is looked for where it is."""


def _always(*_: object) -> bool:
    return True


def _nothing(*_: object) -> None:
    pass


def _no_sweeper(world: World) -> None:
    world.plan.sweeps = False


def _no_look_of_ones_own(patch: Patch) -> None:
    patch.setattr("uptc_messenger.services.websocket.vigil.SILENCE_S", 1e9)


def _short_window(patch: Patch) -> None:
    def begin(self: Sweeper, at: Millis, oldest: Millis | None) -> tuple[Millis, bool]:
        del self, oldest
        return at - 2_500, False

    patch.setattr(Sweeper, "begin", begin)


def _no_margin(patch: Patch) -> None:
    patch.setattr(tokens, "MARGIN_MS", 0)


def _no_reading_of_gaps(patch: Patch) -> None:
    patch.setattr(repairs.Repairs, "turn", _nothing)


MUTANTS = [
    Mutant("dedup before the lock", Dangers(dedup_before_lock=True)),
    Mutant("publish before commit", Dangers(publish_before_commit=True)),
    Mutant("ON CONFLICT DO NOTHING", Dangers(counter_without_row=True)),
    Mutant("synchronous=NORMAL", Dangers(commits_not_durable=True)),
    Mutant("no sweeper", patch=_no_look_of_ones_own, prepare=_no_sweeper),
    Mutant("a window shorter than a transaction", patch=_short_window),
    Mutant("a digest without the margin", patch=_no_margin),
    Mutant("gaps are never read", patch=_no_reading_of_gaps),
]
