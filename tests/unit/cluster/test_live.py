from collections.abc import Generator

import pytest

from uptc_messenger.cluster.cluster import Cluster, Plan
from uptc_messenger.cluster.live import HELP, KEPT, Live


class Hands:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def live() -> Generator[Live, None, None]:
    """Of a cluster that was not started."""
    cluster = Cluster(Plan(nodes=3))
    yield Live(cluster, Hands())
    cluster.run.rmdir()


def row(name: str, state: str, ways: str = "open") -> tuple[str, ...]:
    return (name, state, ":54321", "12,345", "12,345", "123,456", "12,345", ways)


ROWS = [row("gateway-1", "not ready", "no db bus"), row("node-2", "ready"), row("node-3", "dead")]


def test_a_part_is_chosen_by_its_number_or_by_arrows(live: Live):
    assert live.names == ["node-1", "node-2", "node-3"]
    for key, chosen in (("2", 1), ("down", 2), ("down", 2), ("up", 1), ("9", 2), ("1", 0)):
        assert live.press(key) is None
        assert live.chosen == chosen


def test_each_key_asks_for_its_deed(live: Live):
    live.press("2")
    assert live.press("k") == ["kill", "node-2"]
    assert live.press("s") == ["start", "node-2"]
    assert live.press("r") == ["restart", "node-2"]
    assert live.press("p") == ["pause", "node-2"]
    assert live.press("b") == ["partition", "node-2", "bus"]
    assert live.press("d") == ["partition", "node-2", "database"]
    assert live.press("h") == ["heal", "node-2"]
    assert live.press("f") == ["failover"]
    assert live.press("x") is None


def test_help_is_shown_until_the_next_key(live: Live):
    live.press("?")
    assert HELP[0] in live.lines(ROWS, 80)
    live.press("up")
    assert HELP[0] not in live.lines(ROWS, 80)


def test_every_line_fits_into_80_columns_uncut(live: Live):
    live.press("2")
    for helping in (False, True):
        live.helping = helping
        wide, narrow = live.lines(ROWS, 1_000), live.lines(ROWS, 80)
        assert wide == narrow
    assert [line for line in narrow if line.startswith("> ")] == [narrow[4]]
    assert narrow[4].startswith("> node-2")


def test_what_changes_is_told_with_how_long_it_took(live: Live):
    clock = live.clock
    assert isinstance(clock, Hands)
    live.see([row("node-1", "ready")])
    clock.now = 3.0
    live.see([row("node-1", "dead")])
    clock.now = 7.5
    live.see([row("node-1", "ready")])
    assert live.happened == [
        "node-1: ready → dead (after 3.0 s)",
        "node-1: dead → ready (after 4.5 s)",
    ]


def test_only_the_last_things_are_kept(live: Live):
    for number in range(20):
        live.note(f"{number}\n")
    assert live.happened == [str(number) for number in range(20 - KEPT, 20)]
