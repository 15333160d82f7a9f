"""A tab that is killed at any moment of writing and sending loses nothing and sends nothing twice.

The server is slow, refuses, or answers twice meanwhile, as the seed decides.
"""

import os
import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Route, WebSocketRoute, expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import Reader
from tests.server import Server

pytestmark = pytest.mark.browser

SEED = int(os.environ.get("KILL_SEED", "7"))
# Milliseconds after the first keystroke, or after Enter, at which the tab dies.
MOMENTS = [0, 1, 2, 4, 8, 15, 30, 60, 120, 250]


@pytest.fixture
def pair(desk: Desk, server: Server) -> tuple[Reader, Pen, str]:
    """Ana in a browser, the pen of the same group, and the chat."""
    ana = desk.reader().register("Ana Gómez")
    mine = Pen.login(server.url, ana.username)
    chat = mine.group("Redes")
    ana.open("Redes")
    return ana, mine, chat


def kill_and_return(ana: Reader) -> None:
    """The process of the tab is gone without a word; another one opens the same chat."""
    address = ana.page.url
    context = ana.page.context
    # The browser ends the process of the page; no handler of the page runs any more.
    with suppress(Error), ana.page.expect_event("crash", timeout=3_000):
        ana.page.goto("chrome://crash", timeout=100)
    ana.page.close()
    ana.page = context.new_page()
    ana.page.goto(address)
    expect(ana.composer).to_be_visible()


def texts_of(pen: Pen, chat: str) -> list[str]:
    found: list[dict[str, Any]] = pen.call("GET", f"/chats/{chat}/messages?limit=200")["messages"]
    return [message["body"]["text"] for message in found]


# A disk that takes no draft: what is there after the kill was written down before.
TAKES_NO_DRAFT = """
const put = IDBObjectStore.prototype.put
IDBObjectStore.prototype.put = function (...given) {
  if (this.name === 'drafts') throw new DOMException('full', 'QuotaExceededError')
  return put.apply(this, given)
}
"""


@pytest.mark.parametrize("disk", ["fast", "full"])
def test_killed_while_composing(pair: tuple[Reader, Pen, str], disk: str):
    ana, _, _ = pair
    text = ""
    if disk == "full":
        ana.page.context.add_init_script(TAKES_NO_DRAFT)
        ana.page.reload()
    for number, moment in enumerate(MOMENTS if disk == "fast" else MOMENTS[:3]):
        more = f"palabra{number} "
        ana.composer.press("End")
        ana.composer.press_sequentially(more)
        ana.page.wait_for_timeout(moment)
        kill_and_return(ana)
        text += more
        expect(ana.composer).to_have_value(text)


def test_killed_while_sending(
    desk: Desk, pair: tuple[Reader, Pen, str], record_property: Callable[[str, object], None]
):
    # Provoked by `refusing`; the first tab may have time to log it before it dies.
    desk.forgive("500 (Internal Server Error)")
    ana, mine, chat = pair
    record_property("KILL_SEED", SEED)
    dice = random.Random(SEED)
    sent: list[str] = []
    for number, moment in enumerate(MOMENTS):
        fault = dice.choice([calm, offline, refusing, repeating])
        text = f"mensaje {number} {fault.__name__} {moment}"
        fault(ana)
        ana.composer.fill(text)
        ana.composer.press("Enter")
        ana.page.wait_for_timeout(moment)
        kill_and_return(ana)
        ana.offline(yes=False)
        ana.page.context.unroute_all()
        sent.append(text)
        expect(ana.message(text)).to_have_count(1)
        expect(ana.page.get_by_text(re.compile("Enviando…|En espera"))).to_have_count(0)
        expect(ana.composer).to_have_value("")
        assert texts_of(mine, chat) == sent


def calm(_ana: Reader) -> None:
    """Nothing happens but the end of the tab."""


def offline(ana: Reader) -> None:
    ana.offline(yes=True)


def refusing(ana: Reader) -> None:
    """Every HTTP call ends in an error of the server."""

    def refuse(route: Route) -> None:
        route.fulfill(status=500, body="{}")

    ana.page.context.route("**/api/v1/**", refuse)


def repeating(ana: Reader) -> None:
    """Everything that the server says comes twice; in effect from the next connection on."""

    def repeat(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def twice(message: str | bytes) -> None:
            page_side.send(message)
            page_side.send(message)

        server_side.on_message(twice)

    ana.page.context.route_web_socket("**/api/v1/ws", repeat)
    ana.page.reload()
    expect(ana.composer).to_be_visible()
