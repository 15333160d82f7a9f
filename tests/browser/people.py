"""What a person does in a browser, by the names that a screen reader would say."""

import itertools
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
PASSWORD = "una clave larga y tranquila"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_numbers = itertools.count(1)
# Half faded in, a text has half its contrast. What is taken away meanwhile never ends, nor does
# what turns as long as it is there.
STILL = """async () => {
  const runs = each => each.playState === 'running' &&
    each.effect.getComputedTiming().endTime < 1e6;
  const running = () => document.getAnimations().filter(runs);
  for (let turn = 0; turn < 10 && running().length > 0; turn += 1) {
    const ends = running().map(each => each.finished);
    await Promise.race([Promise.allSettled(ends), new Promise(done => setTimeout(done, 1000))]);
  } }"""
FOUND = """async ([text, count]) => {
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`);
  return answer.ok && (await answer.json()).hits.length === count }"""


def until(page: Page, true: str, arg: Any = None) -> None:
    """Wait for what a page has to ask others about; its own waiting takes a promise for a yes."""
    for _ in range(400):
        if page.evaluate(true, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"this did not come true: {true}")


def drawn(image: Locator) -> None:
    """Wait for the picture itself; the element may be another one meanwhile."""
    for _ in range(400):
        with suppress(PlaywrightError):
            if image.evaluate("image => image.naturalWidth > 0", timeout=1_000):
                return
        image.page.wait_for_timeout(50)
    pytest.fail("the picture did not come")


class Reader:
    """One person at one browser, in Spanish unless said otherwise."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.name = ""
        self.username = ""

    def register(self, name: str) -> "Reader":
        """Make an account, as a visitor would."""
        self.name, self.username = name, f"persona{next(_numbers)}"
        self.page.goto(self.url)
        self.page.get_by_text("Crear cuenta").click()
        self._fill_account()
        expect(self.button("Nueva conversación").first).to_be_visible()
        return self

    def join(self, link: str, name: str) -> "Reader":
        """Follow an invitation and make an account with it."""
        self.name, self.username = name, f"persona{next(_numbers)}"
        self.page.goto(link)
        self._fill_account()
        return self

    def _fill_account(self) -> None:
        self.page.locator("input[name=display_name]").fill(self.name)
        self.page.locator("input[name=username]").fill(self.username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def found(self, title: str, *others: "Reader") -> None:
        """Make a group with these people."""
        self.button("Nueva conversación").first.click()
        self.page.get_by_role("tab", name="Grupo").click()
        self.page.get_by_label("Nombre").fill(title)
        for other in others:
            known = re.compile(rf"@{other.username}$")
            self.page.get_by_role("option", name=known).click()
        self.button("Crear").click()
        self.has_before_it(title)

    def chat(self, title: str) -> Locator:
        """The line of a chat in the list."""
        return self.page.get_by_role("link", name=title)

    def sees_chat(self, title: str) -> None:
        expect(self.chat(title)).to_be_visible()

    def sign_in(self, other: "Reader") -> "Reader":
        """Be the other one, on this device."""
        self.name, self.username = other.name, other.username
        self.page.goto(self.url)
        self.page.locator("input[name=username]").fill(self.username)
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        return self

    def open(self, title: str) -> None:
        """Open a chat from the list."""
        self.page.get_by_role("link", name=title).click()
        self.has_before_it(title)

    def has_before_it(self, title: str) -> None:
        """Wait until this conversation can be written in: not the one that was there before."""
        expect(self.page.get_by_role("textbox", name=f"Mensaje para {title}")).to_be_visible()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Mensaje para")

    @property
    def window(self) -> Locator:
        """What is open over the page, or beside the conversation where there is room."""
        return self.page.locator("dialog[open], .third aside")

    @property
    def timeline(self) -> Locator:
        return self.page.get_by_role("feed")

    def write(self, text: str) -> None:
        """Send a message; it stands in the timeline at once."""
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.message(text)).to_be_visible()

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.timeline.get_by_role("article").filter(has_text=text)

    def sees(self, text: str) -> None:
        expect(self.message(text)).to_be_visible()

    def sees_notice(self, text: str) -> None:
        """A quiet line about a change."""
        expect(self.timeline.locator(".quiet-line").filter(has_text=text)).to_be_visible()

    def said(self) -> list[str]:
        """What stands in the timeline, top to bottom, without times and tools."""
        return (
            self.timeline.get_by_role("article")
            .locator(".bubble p:not(.forwarded)")
            .all_inner_texts()
        )

    def indexed(self, text: str, count: int) -> None:
        """Wait for the index, which comes after what is said: the server finds so many."""
        until(self.page, FOUND, [text, count])

    def search(self, text: str) -> None:
        """Open the search by its keys, and type."""
        self.page.keyboard.press("Control+Shift+F")
        # Its window is fetched when it is first opened.
        expect(self.window.get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(text)

    def offline(self, *, yes: bool) -> None:
        """Cut the network, or give it back; the page knows when this returns."""
        if yes:
            # What a page has not fetched is with its worker, which comes after the first screen.
            self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        self.page.context.set_offline(yes)
        self.page.wait_for_function("there => navigator.onLine === there", arg=not yes)

    def flaws(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA and its best practices on this screen."""
        self.page.evaluate(STILL)
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate(f"axe.run({{runOnly: {RULES}}})")
        return [
            f"{rule['id']}: {node['html'][:160]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]
