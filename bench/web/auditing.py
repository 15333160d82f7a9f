# ruff: noqa: E501 - programs of the page stand in this file
"""Bar 11: the categories of Lighthouse, computed here from what its audits look at.

Three visits for each device, of which the worst counts. What is not covered: see
docs/web-client.md.
"""

import io
from base64 import b64decode
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image
from playwright.sync_api import CDPSession, ConsoleMessage, Page

from bench.web.beginning import slow_line
from bench.web.desk import Desk, ask
from bench.web.figure import Figure
from bench.web.lighthouse import DESKTOP, MOBILE, Curve, performance
from tests.browser.people import AXE, RULES

VISITS: Final = 3
GOAL: Final = 95.0
SETTLED_MS: Final = 1_500


@dataclass(frozen=True)
class Device:
    """What Lighthouse pretends to be: a screen, a line, a processor, and what counts as good there."""

    name: str
    width: int
    height: int
    round_trip: float
    throughput: float
    cpu: float
    curves: Mapping[str, Curve]


DEVICES: Final = (
    Device("mobile", 412, 823, 150, 1_638_400 / 8, 4, MOBILE),
    Device("desktop", 1350, 940, 40, 10_240_000 / 8, 1, DESKTOP),
)

# Wrapped before the page runs: a page that asks for something at once is marked down.
ASKS = """(() => { window.__asked = 0; const note = (owner, name) => {
  const real = owner?.[name]; if (real) owner[name] = (...all) => { window.__asked += 1; return real.apply(owner, all) } };
  note(navigator.geolocation, 'getCurrentPosition'); note(globalThis.Notification, 'requestPermission') })()"""

# Each audit of the two categories that a document by itself can pass or fail, by Lighthouse's name.
AUDITS = """async () => {
  const all = selector => [...document.querySelectorAll(selector)], meta = name => document.querySelector(`meta[name=${name}]`)?.content ?? '';
  const mine = performance.getEntriesByType('resource').every(each => new URL(each.name).host === location.host);
  const large = all('body *').filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .every(e => parseFloat(getComputedStyle(e).fontSize) >= 12);
  const pasted = all('input').every(input => { const event = new ClipboardEvent('paste', {bubbles: true, cancelable: true});
    return input.dispatchEvent(event) });
  const vague = /^(haga clic aquí|aquí|más|click here|here|more|read more|link|start|go)$/i;
  const rules = await fetch('/robots.txt'), robots = rules.ok ? await rules.text() : '', status = (await fetch(location.href)).status;
  return { practices: {
    'is-on-https': isSecureContext, 'no-permission-on-start': window.__asked === 0, 'paste-preventing-inputs': pasted,
    'third-party-cookies': mine, 'doctype': document.compatMode === 'CSS1Compat' && document.doctype?.name === 'html',
    'charset': document.characterSet === 'UTF-8', 'viewport': meta('viewport').includes('width=device-width'), 'font-size': large,
    'image-aspect-ratio': all('img').every(i => i.naturalWidth === 0 || Math.abs(i.width / i.height - i.naturalWidth / i.naturalHeight) < 0.05) },
  findable: {
    'is-crawlable': !/noindex/.test(meta('robots')) && (!/^disallow: *[/] *$/im.test(robots) || /^allow: *[/][$] *$/im.test(robots)),
    'document-title': document.title !== '', 'meta-description': meta('description') !== '', 'http-status-code': status === 200,
    'link-text': all('a[href]').every(a => !vague.test(a.textContent.trim())), 'crawlable-anchors': all('a').every(a => a.hasAttribute('href')),
    'robots-txt': rules.status === 404 || /^user-agent:/im.test(robots), 'image-alt': all('img').every(i => i.hasAttribute('alt')),
    'html-has-lang': document.documentElement.lang !== '' } } }"""


def auditing(desk: Desk) -> Iterator[Figure]:
    """Each category on each device; less than the goal names what failed."""
    for device in DEVICES:
        found = [visit(desk, device) for _ in range(VISITS)]
        worst = min(performance(device.curves, metrics) for metrics, _ in found)
        yield Figure(11, f"performance of 100, {device.name}", worst, GOAL, "", points=True)
        for category in ("accessibility", "best practices", "findable (SEO)"):
            points = min(audits[category] for _, audits in found)
            name = f"{category} of 100, {device.name}"
            yield Figure(11, name, points, GOAL, "", exact=True, points=True)


def visit(desk: Desk, device: Device) -> tuple[dict[str, float], dict[str, float]]:
    """A stranger's first visit: the metrics, and the points of the other categories."""
    with desk.stranger(device.width, device.height, phone=device is DEVICES[0]) as page:
        page.add_init_script(ASKS)
        session = slow_line(page, device.round_trip, device.throughput, device.cpu)
        with complaints(page, session) as heard, film(session) as frames:
            page.goto(desk.url)
            page.locator("input[name=username]").wait_for()
            page.wait_for_timeout(SETTLED_MS)
        metrics = vitals(page) | {"si": speed_index(page, frames)}
        return metrics, categories(page, heard)


def vitals(page: Page) -> dict[str, float]:
    """What the browser itself says of the visit."""
    fcp, lcp, cls, tasks = page.evaluate(
        "[performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " window.__lcp, window.__cls, window.__tasks]"
    )
    # A task counts from the first paint on, and what it lasts beyond 50 ms.
    ends = ((max(start, fcp), start + duration) for start, duration in tasks)
    tbt = sum(max(0.0, end - start - 50) for start, end in ends)
    return {"fcp": fcp, "lcp": lcp, "cls": cls, "tbt": tbt}


def categories(page: Page, heard: list[str]) -> dict[str, float]:
    """The share of the audits of each category that pass; the names of those that fail are printed."""
    audits: dict[str, dict[str, bool]] = page.evaluate(AUDITS)
    practices = audits["practices"] | {"errors, issues and deprecations": heard == []}
    # The policy of the page lets no script in but through the browser's own protocol.
    page.evaluate(AXE.read_text())
    rules: dict[str, Any] = page.evaluate(f"axe.run({{runOnly: {RULES}}})")
    spoken = {
        rule["id"]: kind == "passes" for kind in ("passes", "violations") for rule in rules[kind]
    }
    groups = {
        "accessibility": spoken,
        "best practices": practices,
        "findable (SEO)": audits["findable"],
    }
    for name, group in groups.items():
        for audit in (audit for audit, well in group.items() if not well):
            print(f"   {name}: {audit} fails {heard or ''}")
    return {name: 100.0 * sum(group.values()) / len(group) for name, group in groups.items()}


@contextmanager
def complaints(page: Page, session: CDPSession) -> Generator[list[str]]:
    """What the console and the browser's own panel of issues say."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(message.text)

    def note(added: dict[str, Any]) -> None:
        heard.append(added["issue"]["code"])

    page.on("console", listen)
    session.on("Audits.issueAdded", note)
    ask(session, "Audits.enable")
    yield heard
    page.remove_listener("console", listen)


@contextmanager
def film(session: CDPSession) -> Generator[list[tuple[float, bytes]]]:
    """Every change of the screen while it lasts: when, in seconds of the epoch, and what."""
    frames: list[tuple[float, bytes]] = []

    def take(frame: dict[str, Any]) -> None:
        frames.append((frame["metadata"]["timestamp"], b64decode(frame["data"])))
        ask(session, "Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    session.on("Page.screencastFrame", take)
    ask(session, "Page.startScreencast", {"format": "jpeg", "quality": 60, "maxWidth": 320})
    yield frames
    ask(session, "Page.stopScreencast")


def speed_index(page: Page, frames: list[tuple[float, bytes]]) -> float:
    """How long the screen was how far from complete, by the histograms of its colours, in ms."""
    begun: float = page.evaluate("performance.timeOrigin / 1000")
    pictures = [(at, histogram(data)) for at, data in frames if at >= begun]
    if not pictures:
        return 0.0
    last = pictures[-1][1]
    blank = histogram(frames[0][1]) if frames[0][0] < begun else pictures[0][1]
    whole = distance(blank, last) or 1
    since, missing, index = begun, 1.0, 0.0
    for at, picture in pictures:
        index += (at - since) * missing
        since, missing = at, min(1.0, distance(picture, last) / whole)
    return index * 1_000


def histogram(jpeg: bytes) -> list[int]:
    """How often each shade of each colour is there."""
    return Image.open(io.BytesIO(jpeg)).convert("RGB").histogram()


def distance(one: list[int], other: list[int]) -> int:
    """How many points of the screen have another colour."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))
