from uptc_messenger.services.websocket.chain import Chain
from uptc_messenger.services.websocket.sweeper import REACH_MS, Sweep


def beacon(at: int, *, hold: bool = False, part: int = 0, parts: int = 1) -> Sweep:
    return Sweep(at, hold, part, parts, [], [])


def test_a_chain_begins_only_with_a_look_of_ones_own():
    chain = Chain()
    assert not chain.sweep(beacon(1_000))
    assert chain.watermark is None
    chain.anchor(1_000)
    assert chain.sweep(beacon(3_000))
    assert chain.watermark == 3_000


def test_a_gap_breaks_it_and_the_watermark_stays():
    chain = Chain()
    chain.anchor(1_000)
    assert not chain.sweep(beacon(1_001 + REACH_MS))
    assert chain.watermark == 1_000
    assert chain.sweep(beacon(1_000 + REACH_MS))
    assert chain.watermark == 1_000 + REACH_MS


def test_the_watermark_waits_for_a_transaction_that_takes_too_long():
    chain = Chain()
    chain.anchor(1_000)
    assert chain.sweep(beacon(3_000, hold=True))
    assert chain.watermark == 1_000
    assert chain.sweep(beacon(3_000 + REACH_MS))


def test_a_sweep_counts_when_all_its_parts_are_here():
    chain = Chain()
    chain.anchor(1_000)
    chain.sweep(beacon(3_000, part=0, parts=2))
    assert chain.watermark == 1_000
    chain.sweep(beacon(3_000, part=0, parts=2))
    assert chain.watermark == 1_000
    chain.sweep(beacon(3_000, part=1, parts=2))
    assert chain.watermark == 3_000


def test_an_old_sweep_puts_nothing_back():
    chain = Chain()
    chain.anchor(9_000)
    assert chain.sweep(beacon(7_000))
    assert chain.watermark == 9_000
