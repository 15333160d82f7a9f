from collections.abc import Callable

from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus


class Ear:
    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.links: list[bool] = []

    def heard(self, subject: str, payload: bytes) -> None:
        self.told.append(payload)

    def linked(self, *, up: bool) -> None:
        self.links.append(up)


def test_whoever_schedules_decides_when_and_whether():
    waiting: list[Callable[[], None]] = []
    bus, one, two = MemoryBus(waiting.append), Ear(), Ear()
    speaker, listener = MemoryBroker(bus, one), MemoryBroker(bus, two)
    listener.subscribe("b")
    for text in (b"1", b"2", b"3"):
        speaker.publish("b", text)
    links, (first, _lost, third) = waiting[:2], waiting[2:]
    for turn in (*links, third, first, first):
        turn()
    assert two.told == [b"3", b"1", b"1"]
    assert one.links == two.links == [True]


def test_without_a_link_nothing_passes_and_both_ends_know():
    waiting: list[Callable[[], None]] = []
    bus, one, two = MemoryBus(waiting.append), Ear(), Ear()
    speaker, listener = MemoryBroker(bus, one), MemoryBroker(bus, two)
    listener.subscribe("b")
    waiting.clear()
    speaker.publish("b", b"under way")
    listener.cut()
    waiting.pop()()
    assert speaker.publish("b", b"nobody knows")
    speaker.cut()
    assert not speaker.publish("b", b"known")
    listener.mend()
    listener.mend()
    assert (two.told, two.links) == ([], [False, True])


def test_what_finds_no_room_is_dropped_and_the_listener_told():
    waiting: list[Callable[[], None]] = []
    bus, ear = MemoryBus(waiting.append), Ear()
    speaker, listener = MemoryBroker(bus, Ear()), MemoryBroker(bus, ear, limit=2)
    listener.subscribe("b")
    waiting.clear()
    for _ in range(5):
        speaker.publish("b", b"x")
    assert (listener.waiting, listener.dropped) == (2, 3)
    for turn in waiting:
        turn()
    assert ear.links == [False, True]
    assert listener.waiting == 0
