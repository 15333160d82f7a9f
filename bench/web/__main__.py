"""`make bench-web`: ARGS are the names of bars to measure, `--hour`, `--table` for Markdown."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from bench.web import history
from bench.web.auditing import auditing
from bench.web.beginning import reconnecting, starting, visiting
from bench.web.desk import Desk
from bench.web.figure import Figure
from bench.web.lasting import heap, resting
from bench.web.reading import dragging, drifting, jumping, scrolling
from bench.web.talking import drawing, sending, switching, typing
from tests.browser.people import PASSWORD
from tests.server import serving

Bar = Callable[[Desk], Iterator[Figure]]

BARS: Final[dict[str, Bar]] = {
    "visiting": visiting,
    "auditing": auditing,
    "starting": starting,
    "switching": switching,
    "sending": sending,
    "typing": typing,
    "drawing": drawing,
    "scrolling": scrolling,
    "dragging": dragging,
    "jumping": jumping,
    "drifting": drifting,
    "reconnecting": reconnecting,
    "heap": heap,
    "resting": resting,
}
OLD: Final = {"scrolling", "dragging", "jumping", "drifting"}
"""Those that want a long history, which takes a while to write."""


def main(arguments: list[str]) -> None:
    bars = {name: BARS[name] for name in arguments if name in BARS} or dict(BARS)
    if "--hour" in arguments and "heap" in bars:
        bars |= {"heap": partial(heap, hour=True)}
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    figures = list(measure(bars))
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    if "--table" in arguments:
        print("\n".join(figure.row for figure in figures))
    if not all(figure.passed for figure in figures):
        sys.exit(1)


def measure(bars: Mapping[str, Bar]) -> Iterator[Figure]:
    """Each figure as it comes."""
    with tempfile.TemporaryDirectory(prefix="bench-web-") as name:
        data = Path(name) / "data"
        veteran = history.write(data, PASSWORD).username if OLD & bars.keys() else None
        with (
            serving(data, "--registration", "open", UPTC_LIMITS="off") as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            desk = Desk(browser, server.url, veteran)
            for bar in bars.values():
                for figure in bar(desk):
                    print(figure, flush=True)
                    yield figure
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
