"""The drift suite in the other engines: what is read does not move there either."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.drift import METER
from tests.browser.pen import Pen, paragraph
from tests.browser.people import PASSWORD
from tests.engines.engines import Engine, firefox, webkit
from tests.server import Server, serving

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif("UPTC_ENGINES" not in os.environ, reason="make test-engines runs it"),
]

COUNT = 260
ENGINES: dict[str, tuple[str, Callable[[], AbstractContextManager[Engine]]]] = {
    "firefox": ("firefox-esr", firefox),
    "webkit": ("WebKitWebDriver", webkit),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that anybody may register at."""
    folder: Path = tmp_path_factory.mktemp("engines")
    with serving(folder / "data", "--registration", "open", UPTC_LIMITS="off") as running:
        yield running


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_nothing_moves_while_reading(name: str, server: Server):
    program, start = ENGINES[name]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    pen, ana = Pen.register(server.url), Pen.register(server.url, "Ana Gómez")
    chat = pen.group("Larga", ana.user_id)
    written = [pen.write(chat, paragraph(number)) for number in range(COUNT)]
    ana.read(chat, 10_000)
    with start() as page:
        enter(page, server.url, ana, chat)
        steps = page.evaluate(do("for (let i = 0; i < 90; i += 1) found.push(await stepBy(-240));"))
        assert [step for step in steps if step > 1] == []
        changes: dict[str, Callable[[], Any]] = {
            "append": lambda: pen.write(chat, paragraph(7)),
            "edit above": lambda: pen.edit(written[100], paragraph(3) * 4),
            "reaction above": lambda: pen.react(written[101], "👍"),
            "delete above": lambda: pen.delete(written[102]),
        }
        drifts = {what: drift_of(page, change) for what, change in changes.items()}
        assert {what: drift for what, drift in drifts.items() if drift > 1} == {}


def enter(page: Engine, url: str, ana: Pen, chat: str) -> None:
    """Log in as a person would, and wait until the messages stand."""
    page.goto(f"{url}/login")
    fill = """(async () => {
      const wait = async look => { for (let i = 0; i < 300; i += 1) { const found = look();
        if (found) return found; await new Promise(done => setTimeout(done, 50)) }
        throw new Error('not there: ' + look) };
      const put = (field, text) => { field.value = text;
        field.dispatchEvent(new Event('input', {bubbles: true})) };
      put(await wait(() => document.querySelector('input[name=username]')), USER);
      put(document.querySelector('input[name=password]'), SECRET);
      document.querySelector('form').requestSubmit();
      const link = await wait(() => document.querySelector('a[href*="CHAT"]'));
      link.click();
      await wait(() => document.querySelector('.scroller:not(.hidden) article'));
      await new Promise(done => setTimeout(done, 1500));
      return true })()"""
    values = {"USER": repr(ana.username), "SECRET": repr(PASSWORD), "CHAT": chat}
    for word, value in values.items():
        fill = fill.replace(word, value)
    assert page.evaluate(fill) is True


def do(steps: str) -> str:
    """With the meter at hand: the page may evaluate no text, so it goes in with each call."""
    return f"(async () => {{ {METER} const found = []; {steps} return found }})()"


def drift_of(page: Engine, change: Callable[[], object]) -> float:
    """The largest movement of the row that is read, in any frame while the change happens."""
    page.evaluate(do("watchRow();"))
    change()
    wait = "new Promise(done => setTimeout(() => done(true), 700))"
    page.evaluate(wait)
    return page.evaluate("(() => { window.__watch.on = false; return window.__watch.worst })()")
