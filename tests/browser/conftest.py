"""Real browsers against a real server; a console error or a CSP violation fails any test."""

import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    expect,
    sync_playwright,
)

from tests.browser.people import PASSWORD, Reader
from tests.server import Server, serving

# A page that loses its network logs each request that it cannot make: that is its job to show.
EXPECTED = ("net::ERR_INTERNET_DISCONNECTED",)
PATIENCE_MS = 20_000
# What a page shows, for who reads of a failure and was not there.
SHOWN = """() => [
  `${location.pathname} ${JSON.stringify(history.state)} ${document.visibilityState}`,
  document.activeElement?.outerHTML.slice(0, 120) ?? '',
  ...[...document.querySelectorAll('dialog[open], .third aside, body')].map(
    each => each.innerText.slice(0, 1000)),
].join('\\n')"""
_FAILED = pytest.StashKey[bool]()
# Of two such flags only the last counts, so this one names what Playwright turns off as well. The
# pages of the address bar, which nobody sees here, took more work than a small test does.
FEATURES = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    # A microphone that beeps, and a person who allows it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    f"--disable-features={','.join(FEATURES)}",
)


# Playwright's own event loop runs in this thread as long as the fixture lives, and while one
# runs no other test's can start: it ends with the module that wanted it.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else Playwright's."""
    # As long as any other step may take; a machine that does something else besides is slow.
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=list(FLAGS),
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that anybody may register at."""
    folder = tmp_path_factory.mktemp("browser")
    cheap = {"UPTC_AUTH_ARGON2_MEMORY_KIB": "8", "UPTC_AUTH_ARGON2_TIME": "1"}
    with serving(folder / "data", "--registration", "open", UPTC_LIMITS="off", **cheap) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures that a test has failed."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


class Desk:
    """Opens browsers of their own, as different people on different devices."""

    def __init__(self, chromium: Browser, server: Server) -> None:
        self.url = server.url
        self.password = PASSWORD
        self.errors: list[str] = []
        self._forgiven: set[str] = set()
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []

    def reader(
        self,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        language: str = "es-CO",
        **more: Any,
    ) -> Reader:
        """A new person's browser at the first page."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=language,
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        self._watch(page)
        return Reader(page, self.url)

    def forgive(self, text: str) -> None:
        """Refusals that the test provoked: the browser logs each of them, perhaps only later."""
        self._forgiven.add(text)

    def tell(self) -> None:
        """Print what each page shows."""
        for page in (page for context in self._contexts for page in context.pages):
            with suppress(Error):
                sys.stdout.write(f"== {page.evaluate(SHOWN)}\n")
        sys.stdout.write("\n".join(["== errors", *self.errors, ""]))

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self.errors = [
            error for error in self.errors if not any(text in error for text in self._forgiven)
        ]

    def _watch(self, page: Page) -> None:
        page.on("pageerror", self._failed)
        page.on("console", self._heard)

    def _failed(self, error: Error) -> None:
        self.errors.append(str(error))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in EXPECTED):
            self.errors.append(message.text)


@pytest.fixture
def desk(request: pytest.FixtureRequest, chromium: Browser, server: Server) -> Generator[Desk]:
    """Browsers for one test."""
    opened = Desk(chromium, server)
    yield opened
    if request.node.stash.get(_FAILED, False):
        opened.tell()
    opened.close()
    assert opened.errors == []
