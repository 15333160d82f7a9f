# ruff: noqa: E501 - programs of the page stand in this file
"""Bars 2, 3 and 14: the first visit, the next ones, and coming back to a network."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

from bench.web.desk import Desk, ask
from bench.web.figure import Figure, tail

VISITS = 5
# What Lighthouse calls slow 4G: a round trip in ms, and bytes a second.
ROUND_TRIP, BYTES = 150, 1_638_400 / 8

VITALS = """(() => { window.__lcp = 0; window.__cls = 0; window.__tasks = [];
  const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
    .observe({type, buffered: true});
  watch('largest-contentful-paint', entry => { window.__lcp = entry.startTime });
  watch('layout-shift', entry => { if (!entry.hadRecentInput) window.__cls += entry.value });
  watch('longtask', entry => window.__tasks.push([entry.startTime, entry.duration])) })()"""

READY = """const look = () => {
  const row = document.querySelector('.scroller:not(.hidden) article');
  if (row) { requestAnimationFrame(() => { window.__ready ??= performance.now() }); return }
  requestAnimationFrame(look) }; requestAnimationFrame(look)"""

CAUGHT = """text => { const box = feed();
  window.__caught = new Promise(done => { const look = () => {
    if (box.textContent.includes(text)) done(performance.now()); else setTimeout(look, 5) }; look() });
  window.addEventListener('online', () => { window.__back = performance.now() }, {once: true}) }"""


def visiting(desk: Desk) -> Iterator[Figure]:
    """A stranger with a middling telephone on a slow line, who has never been here."""
    visits = [first_visit(desk) for _ in range(VISITS)]
    lcp, tbt, cls = (statistics.median(values) for values in zip(*visits, strict=True))
    yield Figure(2, "first visit, largest paint, slow 4G and 4x", lcp, 1_500.0, "ms")
    yield Figure(2, "first visit, blocking time, slow 4G and 4x", tbt, 100.0, "ms")
    yield Figure(2, "first visit, layout shift", cls, 0, "", exact=True)


def first_visit(desk: Desk) -> tuple[float, float, float]:
    """Largest contentful paint, total blocking time, cumulative layout shift."""
    with desk.stranger() as page:
        slow_line(page)
        page.goto(desk.url)
        page.locator("input[name=username]").wait_for()
        page.wait_for_timeout(1_500)
        lcp, cls, tasks = page.evaluate("[window.__lcp, window.__cls, window.__tasks]")
        return lcp, sum(max(0.0, duration - 50) for _, duration in tasks), cls


def slow_line(
    page: Page, round_trip: float = ROUND_TRIP, throughput: float = BYTES, cpu: float = 4
) -> CDPSession:
    """The telephone and the line of that stranger."""
    page.add_init_script(VITALS)
    session = page.context.new_cdp_session(page)
    rates = {"downloadThroughput": throughput, "uploadThroughput": throughput / 2}
    line = {"offline": False, "latency": round_trip, **rates}
    ask(session, "Network.enable")
    ask(session, "Network.emulateNetworkConditions", line)
    ask(session, "Emulation.setCPUThrottlingRate", {"rate": cpu})
    return session


def starting(desk: Desk) -> Iterator[Figure]:
    """A second visit without a network: from the navigation to the messages on screen."""
    for cpu, goal in ((1.0, 250.0), (4.0, 800.0)):
        with desk.seat(cpu) as seat:
            seat.open("Chat 0")
            seat.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            seat.page.wait_for_timeout(1_000)
            seat.context.set_offline(True)
            seat.page.add_init_script(READY)
            times = [again(seat.page) for _ in range(VISITS)]
            name = f"warm start offline to messages, median, {cpu:.0f}x"
            yield Figure(3, name, statistics.median(times), goal, "ms")
            seat.context.set_offline(False)


def again(page: Page) -> float:
    """Load the page once more; when its messages were there."""
    page.reload()
    page.wait_for_function("() => window.__ready")
    ready: float = page.evaluate("window.__ready")
    return ready


def reconnecting(desk: Desk) -> Iterator[Figure]:
    """From the network's return to the message that was missed."""
    with desk.seat() as seat:
        seat.open("Chat 0")
        # It opens where it was read up to; what is awaited comes at the end.
        to_the_end = seat.page.locator(".place:not(.away) .timeline > button")
        if to_the_end.count():
            to_the_end.click()
            to_the_end.wait_for(state="detached")
        times: list[float] = []
        loads: int = seat.page.evaluate("performance.getEntriesByType('navigation').length")
        for number in range(50):
            seat.context.set_offline(True)
            seat.page.wait_for_timeout(50)
            text = f"mientras no estabas {number}"
            desk.pen.write(desk.chats[0], text)
            seat.page.evaluate(CAUGHT, text)
            seat.context.set_offline(False)
            back = "window.__caught.then(at => at - (window.__back ?? at))"
            times.append(seat.page.evaluate(back))
        yield Figure(
            14, "caught up after the network's return, p95 of 50", tail(times), 1_000.0, "ms"
        )
        more: int = seat.page.evaluate("performance.getEntriesByType('navigation').length")
        yield Figure(14, "pages loaded anew meanwhile", more - loads, 0, "", exact=True)
