# ruff: noqa: E501 - programs of the page stand in this file
"""Bars 6 and 7: frames, blank frames and jumps, by wheel, by scrollbar and by jumps."""

from collections.abc import Iterator

from bench.web.desk import PAINTED, Desk, Seat
from bench.web.figure import Figure, tail
from tests.browser.drift import FRAMES, Drift

# What the thumb of the scrollbar does: from one end of what is loaded to the other, in a second.
DRAG = """(async () => { const box = feed(), from = box.scrollTop;
  for (let step = 1; step <= 60; step += 1) {
    box.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));
    box.scrollTop = from * (1 - step / 60);
    await new Promise(done => requestAnimationFrame(() => done()));
  } })()"""


# To messages all over the history, as a link to each would lead.
JUMP = (
    PAINTED
    + """(async seqs => { const found = [], chat = location.pathname.split('/')[2];
  for (const seq of seqs) {
    const from = performance.now(), path = `/c/${chat}/m/${seq}`;
    history.pushState({depth: 1, dialog: null}, '', path); dispatchEvent(new PopStateEvent('popstate'));
    while (!document.querySelector('article.highlighted')) await new Promise(done => requestAnimationFrame(() => done()));
    found.push(await painted() - from);
    while (document.querySelector('article.highlighted')) await new Promise(done => setTimeout(done, 100));
  } return found })"""
)


def scrolling(desk: Desk) -> Iterator[Figure]:
    """Frames while older messages come."""
    for cpu, goal in ((1.0, 17.0), (4.0, 34.0)):
        with desk.archive(cpu) as seat:
            frames, blank, cost = wheeled(seat)
            name = f"frame while scrolling, p95, {cpu:.0f}x"
            yield Figure(6, name, tail(frames), goal, "ms", cpu=cost)
            yield Figure(6, f"blank frames by wheel, {cpu:.0f}x", blank, 0, "", exact=cpu == 1.0)


def wheeled(seat: Seat) -> tuple[list[float], int, float]:
    """The frames of 120 turns of the wheel, how many were blank, and what a frame cost."""
    seat.page.mouse.move(800, 400)
    seat.page.evaluate(FRAMES)
    before = seat.cpu()
    for _ in range(120):
        seat.page.mouse.wheel(0, -240)
        seat.page.wait_for_timeout(16)
    frames: list[float] = seat.page.evaluate("window.__frames")
    cost = (seat.cpu() - before) / len(frames)
    return frames, seat.page.evaluate("window.__blank"), cost


def dragging(desk: Desk) -> Iterator[Figure]:
    """Frames while the scrollbar is pulled through everything that is loaded."""
    with desk.archive() as seat:
        wheeled(seat)
        seat.page.get_by_role("button", name="Ir al final").click()
        seat.page.wait_for_timeout(1_000)
        seat.page.evaluate(FRAMES)
        seat.page.evaluate(DRAG)
        frames: list[float] = seat.page.evaluate("window.__frames")
        yield Figure(6, "frame while the scrollbar is dragged, p95", tail(frames), 17.0, "ms")


def jumping(desk: Desk) -> Iterator[Figure]:
    """To ten messages all over a history of 100,000, by the server."""
    with desk.archive() as seat:
        seat.page.evaluate(FRAMES)
        times: list[float] = seat.page.evaluate(JUMP, [9_000 * step + 500 for step in range(10)])
        yield Figure(6, "jump into 100,000 messages to its paint, p95", tail(times), 250.0, "ms")
        blank: float = seat.page.evaluate("window.__blank")
        yield Figure(6, "blank frames by jumps", blank, 0, "", exact=True)


def drifting(desk: Desk) -> Iterator[Figure]:
    """Rows that moved beside what was scrolled."""
    with desk.archive() as seat:
        jumps = Drift(seat.page).wheel(-240, steps=90)
        over = sum(jump > 1 for jump in jumps)
        yield Figure(7, "jumps over 1 px in 90 steps", over, 0, "", exact=True)
