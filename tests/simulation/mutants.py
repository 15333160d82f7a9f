"""The product, broken on purpose: each mutant takes out one thing that the guarantee needs."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.simulation.log import Chat, Dangers, Person
from tests.simulation.node import Node
from tests.simulation.world import Luck, World
from uptc_messenger.models.base import ChatId, Millis
from uptc_messenger.services.websocket import repairs, tokens
from uptc_messenger.services.websocket.chain import Chain
from uptc_messenger.services.websocket.sweeper import Sweep, Sweeper

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


def _beacons_prove_themselves(patch: Patch) -> None:
    """The rule of the chain is off; so is the second one that would hide it."""

    def sweep(self: Chain, sweep: Sweep) -> bool:
        self.anchor(sweep.at)
        return True

    patch.setattr(Chain, "sweep", sweep)
    _no_look_of_ones_own(patch)


def fall_silent(world: World) -> None:
    """The chats, one after the other: nothing said later tells of what was missed."""
    for client in world.clients:
        client.send = _until_silent(world, client.send)
        client.change = _until_silent(world, client.change)


def _until_silent(world: World, act: Callable[..., None]) -> Callable[..., None]:
    begun = world.stage.time

    def do(chat_id: ChatId, **how: bool) -> None:
        if world.stage.time < begun + _SILENT_AFTER_S[chat_id]:
            act(chat_id, **how)

    return do


_SILENT_AFTER_S = {"chat0": 6.0, "chat1": 8.0}


def _sweep_after_an_id(world: World) -> None:
    """Ids are taken when transactions begin: whoever reads up to one misses what was open."""
    seen = 0

    def scan(node: Node, since: Millis) -> tuple[list[Chat], list[Person]]:
        nonlocal seen
        del since
        chats, people = node.database.changed_since(seen)
        stamps = [row.stamp for chat in chats for row in chat.rows]
        seen = max([seen, *stamps, *(stamp for each in people for _, stamp in each.events)])
        return chats, people

    fall_silent(world)
    world.plan.scan = scan


LOSING_ALL = Luck(lost=1.0, repeated=0.0, delay=0.02, slow=0.0, crash=0.0)
LATE_COMMITS = Luck(lost=0.3, repeated=0.0, delay=0.02, slow=0.4, crash=0.0)

MUTANTS = [
    Mutant("dedup before the lock", Dangers(dedup_before_lock=True)),
    Mutant("publish before commit", Dangers(publish_before_commit=True)),
    Mutant("ON CONFLICT DO NOTHING", Dangers(counter_without_row=True)),
    Mutant("synchronous=NORMAL", Dangers(commits_not_durable=True)),
    Mutant("no sweeper", patch=_no_look_of_ones_own, prepare=_no_sweeper),
    Mutant("a window shorter than a transaction", patch=_short_window),
    Mutant("a digest without the margin", patch=_no_margin),
    Mutant("gaps are never read", patch=_no_reading_of_gaps),
    Mutant(
        "no rule of the chain",
        patch=_beacons_prove_themselves,
        prepare=fall_silent,
        luck=LOSING_ALL,
    ),
    Mutant("a sweep after an id", prepare=_sweep_after_an_id, luck=LATE_COMMITS),
]
