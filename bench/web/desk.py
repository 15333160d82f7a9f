"""A browser with chats in it, and what a stretch of its time costs."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from playwright.sync_api import Browser, BrowserContext, Page

from bench.web.history import TITLE
from tests.browser.drift import METER
from tests.browser.pen import Pen, paragraph
from tests.browser.people import PASSWORD

CHATS: Final = 3

# A message channel's turn comes after the frame is painted.
PAINTED: Final = """
var painted = () => new Promise(done => requestAnimationFrame(() => {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = () => done(performance.now()); port2.postMessage(0);
}));
"""


class Session(Protocol):
    """The one call of the browser's own protocol that is used."""

    def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]: ...


def ask(session: Session, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """A command of the browser's own protocol."""
    return session.send(method, params)


@dataclass(frozen=True)
class Seat:
    """Ana before her browser, whose processor may be slowed."""

    context: BrowserContext
    page: Page
    session: Session

    def open(self, title: str) -> None:
        """Open a chat, and give what it does afterwards its time."""
        self.page.get_by_role("link", name=title).click()
        self.page.get_by_role("textbox", name="Mensaje para").wait_for()
        self.page.wait_for_timeout(1_500)

    def cpu(self) -> float:
        """What the page's main thread has worked until now, in ms."""
        metrics = ask(self.session, "Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration") * 1_000


class Desk:
    """Ana's account, with chats that Beto filled."""

    def __init__(self, browser: Browser, url: str, veteran: str | None = None) -> None:
        self.url = url
        self._browser = browser
        self._veteran = veteran
        self.pen = Pen.register(url)
        self.ana = Pen.register(url, "Ana Gómez")
        self.chats = [self._chat(f"Chat {number}", 120) for number in range(CHATS)]

    def _chat(self, title: str, count: int) -> str:
        chat = self.pen.group(title, self.ana.user_id)
        for number in range(count):
            self.pen.write(chat, paragraph(number))
        self.ana.read(chat, count + 1)
        return chat

    @contextmanager
    def seat(self, cpu: float = 1.0, username: str | None = None) -> Generator[Seat]:
        """A signed-in browser whose processor is `cpu` times slower: Ana's, or that account's."""
        context = self._browser.new_context(viewport={"width": 1280, "height": 800}, locale="es-CO")
        page = context.new_page()
        page.goto(self.url)
        page.locator("input[name=username]").fill(username or self.ana.username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("main li").first.wait_for()
        page.evaluate(PAINTED + METER)
        session = context.new_cdp_session(page)
        ask(session, "Performance.enable", {"timeDomain": "threadTicks"})
        ask(session, "Emulation.setCPUThrottlingRate", {"rate": cpu})
        yield Seat(context, page, session)
        context.close()

    @contextmanager
    def archive(self, cpu: float = 1.0) -> Generator[Seat]:
        """The chat that has been used for years, open at its end."""
        assert self._veteran is not None, "the history was not written"
        with self.seat(cpu, self._veteran) as seat:
            seat.open(TITLE)
            yield seat

    @contextmanager
    def stranger(
        self, width: int = 390, height: int = 844, *, phone: bool = True
    ) -> Generator[Page]:
        """The page of somebody who has never been here, on a telephone or not."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale="es-CO",
            is_mobile=phone,
            has_touch=phone,
        )
        page = context.new_page()
        yield page
        context.close()
