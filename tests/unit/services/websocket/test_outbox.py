import pytest

from uptc_messenger.models.base import ChatId
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.outbox import Budget, Outbox
from uptc_messenger.services.websocket.packets import Packet

A, B = ChatId("a"), ChatId("b")
CONFIG = WebSocketConfig(soft_bytes=400, hard_bytes=1_000, window_events=8, window_bytes=100_000)


def packet(size: int = 98, counted: int = 1) -> Packet:
    made = Packet([b"x" * (size - 2)], counted)
    assert made.size == size
    return made


@pytest.fixture
def budget() -> Budget:
    return Budget(1_000)


@pytest.fixture
def outbox(budget: Budget) -> Outbox:
    return Outbox(CONFIG, budget)


def test_what_goes_in_comes_out_in_order(outbox: Outbox, budget: Budget):
    packets = [packet(), packet(), packet()]
    for one in packets:
        assert outbox.offer(one, A)
    assert (outbox.es, outbox.waiting_bytes, budget.used) == (3, 294, 294)
    assert outbox.take() == packets
    assert (outbox.waiting_bytes, budget.used, outbox.take()) == (0, 0, [])


def test_above_the_soft_limit_only_the_chats_are_kept(outbox: Outbox):
    while not outbox.lagging:
        outbox.offer(packet(), A)
    outbox.offer(packet(), B)
    assert outbox.waiting_bytes == 490
    assert outbox.held == {A, B}
    assert outbox.dropped_from_es == 6


def test_what_cannot_be_read_again_is_queued_all_the_same(outbox: Outbox):
    while not outbox.lagging:
        outbox.offer(packet(), A)
    outbox.put(packet())
    assert not outbox.overflowing
    for _ in range(5):
        outbox.put(packet())
    assert outbox.overflowing


def test_an_unacknowledged_window_lags_and_an_acknowledgement_ends_that(outbox: Outbox):
    for _ in range(8):
        assert outbox.offer(packet(), A)
        outbox.take()
    assert not outbox.offer(packet(), A)
    assert outbox.recover() is None
    assert outbox.acknowledge(5)
    assert outbox.recover() is None, "a quarter of the window must be left, no more"
    assert outbox.acknowledge(6)
    assert outbox.recover() == {A}
    assert not outbox.lagging


def test_the_window_is_counted_in_bytes_too(budget: Budget):
    outbox = Outbox(WebSocketConfig(soft_bytes=10_000, window_bytes=200), budget)
    assert outbox.offer(packet(), A)
    assert outbox.offer(packet(120), A)
    assert not outbox.offer(packet(), A)


def test_an_acknowledgement_of_the_future_is_no_acknowledgement(outbox: Outbox):
    outbox.offer(packet(), A)
    assert not outbox.acknowledge(2)
    assert outbox.acked_es == 0


def test_what_is_put_before_goes_first_and_counts_once(outbox: Outbox):
    late, first = packet(), packet(50, counted=2)
    outbox.put(late)
    outbox.put_before([first])
    assert outbox.es == 3
    assert outbox.take() == [first, late]


def test_there_is_room_for_what_is_nice_to_have_while_little_waits(outbox: Outbox):
    assert outbox.at_ease
    outbox.offer(packet(), A)
    assert outbox.at_ease
    outbox.offer(packet(), A)
    assert not outbox.at_ease


def test_the_budget_of_the_process_is_exhausted_by_what_waits(outbox: Outbox, budget: Budget):
    for _ in range(11):
        outbox.put(packet())
    assert budget.exhausted
    outbox.take()
    assert not budget.exhausted
