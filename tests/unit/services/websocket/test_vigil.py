from uptc_messenger.services.websocket.sweeper import Sweep
from uptc_messenger.services.websocket.vigil import (
    NAP_S,
    PATIENCE_S,
    POLL_S,
    RETRY_S,
    SILENCE_S,
    Scope,
    Vigil,
)


def beacon(at: int) -> Sweep:
    return Sweep(at, False, 0, 1, [], [])


def pass_time(vigil: Vigil, start: float, seconds: float) -> list[tuple[float, Scope]]:
    """What is asked for, with each comparison done at once."""
    asked: list[tuple[float, Scope]] = []
    for step in range(int(seconds * 10) + 1):
        now = start + step / 10
        scope = vigil.turn(now)
        if scope is not None:
            asked.append((now, scope))
            vigil.compared(scope, int(now * 1000), now, well=True)
    return asked


def settled() -> Vigil:
    vigil = Vigil(0.0)
    vigil.link(up=True, now=0.0)
    assert pass_time(vigil, 0.0, 0.0) == [(0.0, Scope.ALL)]
    return vigil


def test_while_beacons_come_nobody_looks():
    vigil = settled()
    for second in range(2, 40, 2):
        vigil.sweep(beacon(second * 1000), second)
        assert pass_time(vigil, second, 1.9) == []
    assert vigil.watermark(lambda: 7) == 38_000


def test_a_broken_chain_is_mended_by_a_look():
    vigil = settled()
    vigil.sweep(beacon(2_000), 2.0)
    pass_time(vigil, 2.0, 3.0)
    vigil.sweep(beacon(9_000), 5.1)
    assert pass_time(vigil, 5.1, 0.0) == [(5.1, Scope.ALL)]


def test_silence_makes_one_look_again_and_again():
    asked = pass_time(settled(), 0.0, 3 * SILENCE_S + 1)
    assert [scope for _, scope in asked] == [Scope.ALL] * 3
    assert asked[0][0] > SILENCE_S


def test_without_a_bus_what_is_open_is_polled_and_all_is_compared_when_it_is_back():
    vigil = settled()
    vigil.link(up=False, now=1.0)
    asked = pass_time(vigil, 1.0, PATIENCE_S + 3 * POLL_S + 0.5)
    assert [scope for _, scope in asked] == [Scope.OPEN] * 4
    assert asked[0][0] >= 1.0 + PATIENCE_S
    vigil.link(up=True, now=20.0)
    vigil.notice(19.0)
    assert (20.0, Scope.ALL) in pass_time(vigil, 20.0, 0.1)


def test_after_a_sleep_nothing_passes_until_everything_was_compared():
    vigil = settled()
    assert vigil.notice(1.0)
    assert not vigil.notice(1.1 + NAP_S)
    assert not vigil.notice(1.2 + NAP_S)
    scope = vigil.turn(1.2 + NAP_S)
    assert scope is Scope.ALL
    assert not vigil.notice(9.0), "it fell asleep again while it compared"
    vigil.compared(scope, 1, 9.0, well=True)
    assert not vigil.awake
    assert pass_time(vigil, 9.0, 0.1)
    assert vigil.awake


def test_a_look_that_fails_is_repeated():
    vigil = Vigil(0.0)
    scope = vigil.turn(0.0)
    assert scope is Scope.ALL
    assert vigil.turn(0.1) is None, "one at a time"
    vigil.compared(scope, 1, 0.2, well=False)
    assert vigil.turn(0.3) is None
    assert vigil.turn(0.2 + RETRY_S) is Scope.ALL


def test_a_node_by_itself_looks_only_after_a_sleep():
    vigil = Vigil(0.0, alone=True)
    assert pass_time(vigil, 0.0, 60.0) == []
    assert vigil.watermark(lambda: 7) == 7
    assert pass_time(vigil, 70.0, 0.0) == [(70.0, Scope.ALL)]
