# ruff: noqa: E501 - programs of the page stand in this file
"""What one thing costs the browser, as counts: they are the same on a busy machine as on an idle one."""

from dataclasses import dataclass
from typing import Any, Protocol

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen, paragraph
from tests.browser.people import Reader
from tests.server import Server

pytestmark = pytest.mark.browser
COUNT = 60
TIMES = 5

# Counted in the page: what moves the scroll position, what is stored, told to other tabs, put in and taken out.
COUNTERS = """(() => {
  const zero = () => ({writes: 0, stored: 0, told: 0, mounted: 0, dropped: 0, listed: 0});
  window.__count = zero(); window.__reset = () => { window.__count = zero() };
  const each = (owner, name, note) => { const real = owner[name];
    owner[name] = function (...all) { note(all); return real.apply(this, all) } };
  for (const name of ['scrollTo', 'scrollBy']) each(Element.prototype, name, () => __count.writes += 1);
  each(IDBDatabase.prototype, 'transaction', ([, mode]) => __count.stored += mode === 'readwrite' ? 1 : 0);
  each(BroadcastChannel.prototype, 'postMessage', () => __count.told += 1);
  const row = node => node.nodeType === 1 && node.querySelector(':scope > [data-key]') !== null;
  new MutationObserver(changes => { for (const {target, addedNodes, removedNodes} of changes) {
    __count.mounted += [...addedNodes].filter(row).length; __count.dropped += [...removedNodes].filter(row).length;
    if ((target.nodeType === 1 ? target : target.parentElement)?.closest('#list li')) __count.listed += 1;
  } }).observe(document, {childList: true, subtree: true, characterData: true}) })()"""

# Typing and sending as the page sees it, without the looks of a driver that lay the page out as well.
SEND = """async times => { const area = document.querySelector('textarea');
  const wait = ms => new Promise(done => setTimeout(done, ms));
  for (let i = 0; i < times; i += 1) {
    area.value = `medida ${i}`; area.dispatchEvent(new InputEvent('input', {bubbles: true}));
    await wait(600);
    area.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
    await wait(600);
  } }"""
TYPE = """async text => { const area = document.querySelector('textarea');
  for (let end = 1; end <= text.length; end += 1) {
    area.value = text.slice(0, end); area.dispatchEvent(new InputEvent('input', {bubbles: true}));
    await new Promise(done => setTimeout(done, 20));
  } return window.__count }"""
# As many rows as at the look before.
CALM = """() => { const rows = document.querySelectorAll('article').length;
  const same = rows === window.__rows; window.__rows = rows; return same }"""
STARTED = """() => new Promise(done => { const look = () => {
  if (document.querySelector('.scroller:not(.hidden) article') === null) return requestAnimationFrame(look);
  requestAnimationFrame(() => done({...window.__count})) }; look() })"""
# Of a message that continues the one before it, of plain lines: no picture and no line with the name.
ELEMENTS = """[...document.querySelectorAll('[role=feed] article:not(.head)')]
  .map(row => row.parentElement.querySelectorAll(':not(br)').length + 1)"""


class Session(Protocol):
    """The one call of the browser's own protocol that is used."""

    def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]: ...


def layouts_of(session: Session) -> int:
    """How often the page has been laid out."""
    session.send("Performance.enable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(int(each["value"]) for each in metrics if each["name"] == "LayoutCount")


@dataclass
class Room:
    """Ana in a chat that Beto has filled, with her page's counters."""

    ana: Reader
    chat: str

    @property
    def page(self) -> Page:
        return self.ana.page

    def counts(self) -> dict[str, int]:
        return self.page.evaluate("window.__count")

    def layouts(self) -> int:
        session = self.page.context.new_cdp_session(self.page)
        found = layouts_of(session)
        session.detach()
        return found


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    beto, mine = Pen.register(server.url), Pen.register(server.url, "Ana Gómez")
    chat = beto.group("Redes", mine.user_id)
    for number in range(COUNT):
        beto.write(chat, paragraph(number))
    ana = desk.reader()
    ana.page.add_init_script(COUNTERS)
    ana.username = mine.username
    ana.sign_in(ana).open("Redes")
    expect(ana.timeline.get_by_role("article").last).to_be_visible()
    ana.page.wait_for_timeout(1_500)
    return Room(ana, chat)


def test_a_message_goes_to_the_end_once_and_is_stored_once(room: Room):
    room.page.evaluate(SEND, 1)
    expect(room.ana.message("medida 0")).to_contain_text("Enviado")
    room.page.wait_for_function(CALM, polling=300)
    room.page.evaluate("window.__reset()")
    before = room.layouts()
    room.page.evaluate(SEND, TIMES)
    layouts, found = room.layouts() - before, room.counts()
    # The row as it comes, and the "sent" that the one before it gives up.
    assert found["writes"] <= 3 * TIMES
    # Two of them with the key that is typed first, and one where the confirmation is drawn.
    assert layouts <= 9 * TIMES
    # The draft, what is to be sent, its end, and what came back.
    assert found["stored"] <= 6 * TIMES
    assert found["mounted"] <= 2 * TIMES


def test_a_key_stores_the_draft_and_does_nothing_else(room: Room):
    text = "unas palabras más"
    room.page.evaluate("window.__reset()")
    during = room.page.evaluate(TYPE, text)
    assert during["stored"] <= len(text)
    assert (during["told"], during["listed"], during["writes"]) == (0, 0, 0)
    expect(room.ana.chat("Redes")).to_contain_text(f"Borrador: {text}")
    assert room.counts()["told"] == 1


def test_a_second_visit_mounts_the_rows_that_are_read_and_no_others(room: Room):
    room.page.reload()
    found = room.page.evaluate(STARTED)
    assert found["mounted"] <= 12
    assert found["dropped"] == 0
    assert found["writes"] <= 8


def test_a_row_has_few_elements(room: Room):
    found = room.page.evaluate(ELEMENTS)
    assert found
    assert max(found) <= 14
