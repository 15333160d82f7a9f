import pytest

from tests.sessions import new_chat
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.outbox import Budget, Outbox
from uptc_messenger.services.websocket.packets import Packet

CHAT, OTHER = new_chat(), new_chat()


def packet(size: int = 98, counted: int = 1) -> Packet:
    """`size` + 2 bytes on the wire."""
    return Packet([b"x" * size], counted)


def outbox(**limits: int) -> Outbox:
    plain = {"soft_bytes": 1_000, "hard_bytes": 3_000, "window_events": 8, "window_bytes": 10_000}
    return Outbox(WebSocketConfig(**plain | limits), Budget(10_000))


def test_packets_leave_in_the_order_in_which_they_came():
    box, packets = outbox(), [packet(), packet(), packet()]
    for one in packets:
        box.put(one)
    assert box.waiting_bytes == 300
    assert box.take() == packets
    assert (box.waiting_bytes, box.take()) == (0, [])


def test_the_answer_to_a_hello_goes_ahead_of_what_waits_already():
    box, early, first = outbox(), packet(), [packet(), packet(counted=0)]
    box.put(early)
    box.put_before(first)
    assert box.take() == [*first, early]
    assert box.es == 2


def test_above_the_soft_limit_bodies_are_held_back_and_nothing_else():
    box = outbox(window_events=100)
    while box.offer(packet(), CHAT):
        pass
    assert box.lagging
    assert box.held == {CHAT}
    assert (box.es, box.dropped_from_es) == (11, 12)
    assert not box.offer(packet(), OTHER)
    assert box.held == {CHAT, OTHER}
    box.put(packet())
    assert box.es == 12


@pytest.mark.parametrize(("limits", "sent"), [({}, 8), ({"window_bytes": 300}, 3)])
def test_a_client_that_does_not_acknowledge_lags(limits: dict[str, int], sent: int):
    box = outbox(**limits)
    for _ in range(20):
        box.offer(packet(), CHAT)
        box.take()
    assert box.lagging
    assert box.es == sent


def test_it_recovers_at_a_quarter_and_says_which_chats_moved():
    box = outbox()
    for _ in range(9):
        box.offer(packet(), CHAT)
        box.take()
    assert box.acknowledge(5)
    assert box.recover() is None
    assert box.acknowledge(6)
    assert box.recover() == {CHAT}
    assert not box.lagging
    assert box.recover() is None
    assert box.offer(packet(), CHAT)


def test_what_was_never_sent_cannot_be_acknowledged():
    box = outbox()
    box.put(packet())
    assert not box.acknowledge(2)
    assert box.acknowledge(1)
    assert box.acknowledge(0), "an old one is late, not wrong"
    assert box.acked_es == 1


def test_a_packet_of_several_is_acknowledged_by_its_last():
    box = outbox()
    box.put(packet(counted=3))
    box.acknowledge(2)
    assert box.acked_es == 0
    box.acknowledge(3)
    assert (box.acked_es, box.acked_bytes) == (3, 100)


def test_only_what_counts_is_counted():
    box = outbox()
    box.put(packet(counted=0))
    assert (box.es, box.sent_bytes) == (0, 0)


def test_answers_pile_up_to_the_hard_limit():
    box = outbox()
    for _ in range(30):
        box.put(packet())
    assert not box.overflowing
    box.put(packet())
    assert box.overflowing


def test_what_is_only_nice_to_have_needs_room():
    box = outbox()
    assert box.at_ease
    for _ in range(3):
        box.put(packet())
    assert not box.at_ease


def test_the_bytes_of_all_sockets_are_one_budget():
    budget = Budget(250)
    boxes = [Outbox(WebSocketConfig(), budget) for _ in range(3)]
    for box in boxes:
        box.put(packet())
    assert (budget.used, budget.exhausted) == (300, True)
    for box in boxes:
        box.take()
    assert (budget.used, budget.exhausted) == (0, False)
