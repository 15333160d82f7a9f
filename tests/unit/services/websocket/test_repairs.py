from tests.sessions import Device, arrive, look, make_hub, new_chat, new_user, said
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.repairs import (
    MAX_RUNNING,
    REORDER_S,
    RETRY_S,
    ChatGap,
    Gap,
    Key,
    UserGap,
)
from uptc_messenger.services.websocket.told import told


class Hand:
    """Time that stands still, and readings that end when a test says so."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.time = hub, 0.0
        self.started: list[tuple[Key, Gap]] = []
        self.waits: list[float] = []
        self.timers: list[tuple[float, Key]] = []
        hub.repairs.connect(self)

    def now(self) -> float:
        return self.time

    def later(self, seconds: float, key: Key) -> None:
        self.waits.append(seconds)
        self.timers.append((self.time + seconds, key))

    def start(self, key: Key, gap: Gap) -> None:
        self.started.append((key, gap))

    def wait(self, seconds: float) -> None:
        self.time += seconds
        due = [timer for timer in self.timers if timer[0] <= self.time]
        self.timers = [timer for timer in self.timers if timer not in due]
        for _, key in due:
            self.hub.repairs.turn(key)


def watching(hub: Hub, chat: ChatId) -> Device:
    device = arrive(hub, new_user(), chat)
    look(hub, device, chat)
    return device


def test_a_gap_that_closes_in_a_moment_is_not_read():
    hub, chat, ana = make_hub(), new_chat(), new_user()
    hand = Hand(hub)
    watching(hub, chat)
    hub.hear(chat, [told(said(chat, 2, ana))])
    hand.wait(0.04)
    assert hand.started == [], "two nodes announce in the other order within 50 ms"
    hub.hear(chat, [told(said(chat, 1, ana))])
    hand.wait(REORDER_S)
    assert (hand.started, hub.repairs.pending) == ([], 0)


def test_a_gap_is_read_once_for_everybody():
    hub, chat, ana = make_hub(), new_chat(), new_user()
    hand = Hand(hub)
    devices = [watching(hub, chat) for _ in range(5)]
    for seq in (3, 4, 5):
        hub.hear(chat, [told(said(chat, seq, ana))])
        hand.wait(REORDER_S)
    assert hand.started == [(("chat", chat), ChatGap(chat, 0))]
    entries = [told(said(chat, seq, ana)) for seq in (1, 2)]
    hub.filled(Head(chat_id=chat, seq=2, n=2), entries)
    hub.repairs.ended(("chat", chat), well=True)
    for device in devices:
        assert [frame["seq"] for frame in device.heard()] == [1, 2, 3, 4, 5]
    assert hub.repairs.pending == 0


def test_a_reading_that_fails_is_tried_again():
    hub, chat = make_hub(), new_chat()
    hand = Hand(hub)
    watching(hub, chat)
    hub.learn(Head(chat_id=chat, seq=4, n=4))
    hand.wait(REORDER_S)
    hub.repairs.ended(("chat", chat), well=False)
    hand.wait(RETRY_S / 2)
    assert len(hand.started) == 1
    hand.wait(RETRY_S)
    assert len(hand.started) == 2


def test_a_timer_that_goes_off_a_hair_early_counts():
    hub, chat = make_hub(), new_chat()
    hand = Hand(hub)
    watching(hub, chat)
    hub.learn(Head(chat_id=chat, seq=4, n=4))
    # uvloop rounds its clock to milliseconds: one time in three `now` is before what was asked.
    hand.time = REORDER_S - 1e-12
    hub.repairs.turn(("chat", chat))
    assert len(hand.started) == 1


def test_not_too_many_are_read_at_a_time():
    hub = make_hub()
    hand = Hand(hub)
    chats = [new_chat() for _ in range(MAX_RUNNING + 3)]
    for chat in chats:
        watching(hub, chat)
        hub.learn(Head(chat_id=chat, seq=4, n=4))
    hand.wait(REORDER_S)
    assert len(hand.started) == MAX_RUNNING
    key, gap = hand.started[0]
    assert isinstance(gap, ChatGap)
    hub.skipped(gap.chat_id, None)
    hub.repairs.ended(key, well=True)
    hand.wait(0)
    assert len(hand.started) == MAX_RUNNING + 1
    assert hub.repairs.pending == MAX_RUNNING + 2


def test_chats_that_nobody_looks_at_are_not_read():
    hub, chat = make_hub(), new_chat()
    hand = Hand(hub)
    arrive(hub, new_user(), chat)
    hub.learn(Head(chat_id=chat, seq=4, n=4))
    hand.wait(REORDER_S)
    assert hand.started == []


def test_a_users_own_log_has_no_holes_either():
    hub, ana = make_hub(), new_user()
    hand = Hand(hub)
    arrive(hub, ana)
    hub.learn_user(ana, 3)
    hub.learn_user(new_user(), 3)
    hand.wait(REORDER_S)
    assert hand.started == [(("user", ana), UserGap(ana, 0))]


def test_without_means_a_gap_costs_nothing():
    hub, chat = make_hub(), new_chat()
    watching(hub, chat)
    hub.learn(Head(chat_id=chat, seq=4, n=4))
    hub.repairs.turn(("chat", chat))
    hub.repairs.ended(("chat", chat), well=True)
    assert hub.repairs.pending == 0
