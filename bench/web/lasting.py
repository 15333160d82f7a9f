"""Bar 15: what it keeps in memory, and what it does when nobody does anything."""

from collections.abc import Iterator

from bench.web.desk import CHATS, Desk, Seat, ask
from bench.web.figure import Figure
from tests.browser.pen import paragraph

IDLE_S = 20


def heap(desk: Desk, *, hour: bool = False) -> Iterator[Figure]:
    """After many switches and messages; the long form is an hour of use.

    In the short form the windows of the chats still fill up, so that its growth is no leak yet.
    """
    switches, messages = (200, 5_000) if hour else (60, 300)
    with desk.seat() as seat:
        sizes: list[float] = []
        for number in range(switches):
            seat.page.get_by_role("link", name=f"Chat {number % CHATS}").click()
            for _ in range(messages // switches):
                desk.pen.write(desk.chats[number % CHATS], paragraph(number))
            if number + 1 in {switches // 2, switches}:
                sizes.append(used(seat))
        name = f"heap after {switches} switches and {messages} messages"
        yield Figure(15, name, sizes[1], 60.0, "MB", exact=True)
        growth = (sizes[1] / sizes[0] - 1) * 100
        yield Figure(15, "growth in the second half", growth, 10.0, "%", exact=hour)


def used(seat: Seat) -> float:
    """The heap without what is garbage, in MB."""
    ask(seat.session, "HeapProfiler.collectGarbage")
    return ask(seat.session, "Runtime.getHeapUsage")["usedSize"] / 1e6


def resting(desk: Desk) -> Iterator[Figure]:
    """The main thread's share of a processor while a chat is open and nothing happens."""
    with desk.seat() as seat:
        seat.open("Chat 0")
        seat.page.wait_for_timeout(5_000)
        before = seat.cpu()
        seat.page.wait_for_timeout(IDLE_S * 1_000)
        share = (seat.cpu() - before) / IDLE_S / 10
        yield Figure(15, "processor while nothing happens", share, 1.0, "%")
