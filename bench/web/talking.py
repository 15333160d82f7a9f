# ruff: noqa: E501 - programs of the page stand in this file
"""Bars 4 and 5: going from chat to chat, sending, typing, and drawing what is hard to draw."""

from collections.abc import Iterator

from bench.web.desk import PAINTED, Desk
from bench.web.figure import Figure, tail
from tests.browser.payloads import ODDITIES

TIMES = 20

SWITCH = (
    PAINTED
    + """(async times => { const found = [];
  for (let i = 0; i < times; i += 1) {
    const link = [...document.querySelectorAll('a')].find(a => a.textContent.includes(`Chat ${i % 3}`));
    const from = performance.now(); link.click();
    found.push(await painted() - from);
    await new Promise(done => setTimeout(done, 400));
  } return found })"""
)

SEND = (
    PAINTED
    + """(async times => { const found = []; const area = document.querySelector('textarea');
  const box = feed();
  const has = text => change => [...change.addedNodes].some(node => node.textContent.includes(text));
  for (let i = 0; i < times; i += 1) {
    const text = `medida ${performance.now()}`;
    area.value = text; area.dispatchEvent(new InputEvent('input', {bubbles: true}));
    await new Promise(done => setTimeout(done, 300));
    const seen = new Promise(done => {
      const watch = new MutationObserver(changes => {
        if (changes.some(has(text))) { watch.disconnect(); done(performance.now()) }
      });
      watch.observe(box, {childList: true, subtree: true});
    });
    const from = performance.now();
    area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
    const there = await seen; const on = await painted();
    found.push([there - from, on - from]);
    await new Promise(done => setTimeout(done, 400));
  } return found })"""
)

# From the moment the browser got the key. Its own Event Timing waits for the screen to say that it shows the frame, and
# a browser without a screen says so seconds later, for many frames at once.
KEYS = """() => { window.__keys = [];
  addEventListener('keydown', event => void painted().then(at => window.__keys.push(at - event.timeStamp)), {capture: true}) }"""

TASKS = """() => { window.__longest = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.__longest = Math.max(window.__longest, entry.duration) })
  .observe({type: 'longtask'}) }"""


def switching(desk: Desk) -> Iterator[Figure]:
    """From the click to the next paint, between chats that are in the copy."""
    for cpu, goal in ((1.0, 50.0), (4.0, 120.0)):
        with desk.seat(cpu) as seat:
            for number in range(3):
                seat.open(f"Chat {number}")
            before = seat.cpu()
            times: list[float] = seat.page.evaluate(SWITCH, TIMES)
            cost = (seat.cpu() - before) / TIMES
            yield Figure(
                4, f"chat switch to paint, p95, {cpu:.0f}x", tail(times), goal, "ms", cpu=cost
            )


def sending(desk: Desk) -> Iterator[Figure]:
    """From Enter to the row in the document, and to its paint."""
    for cpu, dom, paint in ((1.0, 8.0, 33.0), (4.0, 50.0, 50.0)):
        with desk.seat(cpu) as seat:
            seat.open("Chat 0")
            before = seat.cpu()
            times: list[list[float]] = seat.page.evaluate(SEND, TIMES)
            cost = (seat.cpu() - before) / TIMES
            there, on = [time[0] for time in times], [time[1] for time in times]
            yield Figure(5, f"send to document, p95, {cpu:.0f}x", tail(there), dom, "ms", cpu=cost)
            yield Figure(5, f"send to paint, p95, {cpu:.0f}x", tail(on), paint, "ms", cpu=cost)


def typing(desk: Desk) -> Iterator[Figure]:
    """From each key of some words to the paint of what it wrote."""
    text = "unas palabras más " * 4
    with desk.seat(4.0) as seat:
        seat.open("Chat 0")
        seat.page.evaluate(KEYS)
        before = seat.cpu()
        seat.page.get_by_role("textbox", name="Mensaje para").press_sequentially(text, delay=40)
        cost = (seat.cpu() - before) / len(text)
        seat.page.wait_for_timeout(500)
        keys: list[float] = seat.page.evaluate("window.__keys")
        yield Figure(5, "keystroke to paint, p95, 4x", tail(keys), 50.0, "ms", cpu=cost)


def drawing(desk: Desk) -> Iterator[Figure]:
    """The longest task while a message arrives that is hard to draw."""
    with desk.seat() as seat:
        seat.open("Chat 0")
        seat.page.evaluate(TASKS)
        for text in ODDITIES.values():
            desk.pen.write(desk.chats[0], text)
            seat.page.wait_for_timeout(300)
        longest: float = seat.page.evaluate("window.__longest")
        yield Figure(5, "longest task while odd messages arrive", longest, 50.0, "ms")
