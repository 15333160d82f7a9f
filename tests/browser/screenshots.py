"""Every screen as a picture: `make screenshots`, then look at them one by one."""

import shutil
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.browser import last_moments, moments, talk_moments
from tests.browser.campus import PEOPLE, USERNAME, World
from tests.browser.conftest import FLAGS, Desk
from tests.browser.luggage import film
from tests.browser.people import Reader
from tests.browser.screens import Screen, entry_screens, file_screens, home_screens
from tests.browser.test_previews import Pages
from tests.server import Server, serving

HEIGHTS = {390: 844, 768: 1024, 1280: 800}
LOOKS = ((False, "es-CO"), (True, "es-CO"), (False, "en-US"))
"""Dark or not, and the language: a text is as long in the dark as in the light."""
PREVIEWS = {"UPTC_PREVIEWS_LINKS": "on", "UPTC_PREVIEWS_LOOPBACK": "true"}

_STILL_MS = 500
_MOST_PARTS = 5
# What does not fit into a window is seen by scrolling: true when there was more to see.
_FURTHER = """() => {
  const open = [...document.querySelectorAll('dialog[open], .third aside')].at(-1)
  const box = open?.querySelector('.content')
  if (!box || box.scrollTop + box.clientHeight > box.scrollHeight - 8) return false
  box.scrollBy({ top: box.clientHeight - 40, behavior: 'instant' })
  return true
}"""


@dataclass
class Album:
    """Takes the pictures whose name contains `only`, also of what stood in the place of others."""

    folder: Path
    only: str
    taken: int = 0
    missed: list[str] = field(default_factory=list[str])

    def take(self, reader: Reader, screens: Iterator[Screen], label: str) -> None:
        for screen in screens:
            if self.only in screen.name:
                try:
                    screen.go(reader)
                    self._parts(reader, f"{screen.name}.{label}")
                except PlaywrightError as error:
                    why = " ".join(str(error).split())
                    self.missed.append(f"{screen.name}.{label}: {why}")
                    # What stood there instead.
                    reader.page.screenshot(path=self.folder / f"missed.{screen.name}.{label}.png")

    def _parts(self, reader: Reader, name: str) -> None:
        """One picture, and one more for each further part of a window that is longer."""
        for part in range(1, _MOST_PARTS):
            reader.page.wait_for_timeout(_STILL_MS if part == 1 else _STILL_MS // 4)
            more = "" if part == 1 else f".{part}"
            reader.page.screenshot(path=self.folder / f"{name}{more}.png")
            self.taken += 1
            if not reader.page.evaluate(_FURTHER):
                return


@dataclass(frozen=True)
class Series:
    """All screens at one width, in one theme and one language, on a server of their own."""

    browser: Browser
    width: int
    dark: bool
    language: str

    @property
    def label(self) -> str:
        return f"{self.width}.{'dark' if self.dark else 'light'}.{self.language[:2]}"

    def walk(self, album: Album, link: str) -> None:
        with _server("--registration", "open", **PREVIEWS) as server:
            self._campus(album, server, link)
        with _server() as server:
            desk = Desk(self.browser, server)
            reader = self._reader(desk)
            album.take(reader, last_moments.first_moments(server.owner_link()), self.label)
            desk.close()

    def _campus(self, album: Album, server: Server, link: str) -> None:
        desk, world = Desk(self.browser, server), World(server.url)
        reader = self._reader(desk)
        world.add_files(film(reader.page))
        world.add_talk(link)
        before = chain(entry_screens(world), moments.entry_moments(world))
        album.take(reader, before, self.label)
        reader.name, reader.username = PEOPLE[0], USERNAME
        reader.sign_in(reader)
        reader.page.locator("nav li").first.wait_for()
        for kind in (
            home_screens,
            file_screens,
            moments.list_moments,
            talk_moments.talk_moments,
            moments.window_moments,
            talk_moments.file_moments,
            last_moments.last_moments,
        ):
            album.take(reader, kind(world), self.label)
        album.take(self._reader(desk), last_moments.newcomer_moments(world), self.label)
        desk.close()
        world.close()

    def _reader(self, desk: Desk) -> Reader:
        """On a phone there is a finger and no pointer."""
        hand = {"has_touch": True, "is_mobile": True} if self.width < 768 else {}
        size = {"width": self.width, "height": HEIGHTS[self.width]}
        return desk.reader(**size, dark=self.dark, language=self.language, **hand)


@contextmanager
def _server(*words: str, **more: str) -> Generator[Server]:
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data) / "data", *words, UPTC_LIMITS="off", **more) as server,
    ):
        yield server


@contextmanager
def _site() -> Generator[str]:
    """A page on this machine for a link to show."""
    with Pages() as pages:
        pages.open.set()
        thread = threading.Thread(target=pages.serve_forever)
        thread.start()
        yield pages.link("/feria")
        pages.shutdown()
        thread.join()


def main(folder: str = "screenshots", only: str = "", series: str = "") -> None:
    """Take the pictures into `folder`: of the screens and of the series so called."""
    album = Album(Path(folder), only)
    album.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, _site() as link:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        for width in HEIGHTS:
            for dark, language in LOOKS:
                one = Series(browser, width, dark, language)
                if series in one.label:
                    one.walk(album, link)
        browser.close()
    sys.stdout.write("".join(f"missed {name}\n" for name in album.missed))
    sys.stdout.write(f"{album.taken} pictures in {album.folder}\n")
    sys.exit(1 if album.missed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
