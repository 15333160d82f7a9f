"""One owner of the scroll position: nothing that is being read moves, whatever happens."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.drift import FRAMES, METER, Drift
from tests.browser.pen import Pen, paragraph
from tests.browser.people import until
from tests.server import Server

pytestmark = pytest.mark.browser
COUNT = 260


# How far the end is below what is shown.
LEFT = """(() => { const e = document.querySelector('.place:not(.away) .scroller');
  return e.scrollHeight - e.clientHeight - e.scrollTop })()"""
# The same place in so many looks: nothing is on its way any more.
RESTS = """() => { const e = document.querySelector('.place:not(.away) .scroller');
  const now = `${e.scrollTop} ${e.scrollHeight}`, seen = window.__looks;
  seen.push(now); return seen.length > 4 && seen.slice(-4).every(each => each === now) }"""
# The copy of the one chat reaches up to there.
STORED = """async to => { const open = indexedDB.open('uptc-messenger');
  await new Promise(done => { open.onsuccess = done });
  const asked = open.result.transaction('windows').objectStore('windows').getAll();
  await new Promise(done => { asked.onsuccess = done });
  open.result.close();
  return asked.result.some(window => window.cursor === to) }"""
READ = """async ([chat, to]) =>
  (await (await fetch(`/api/v1/chats/${chat}`)).json()).read_n === to"""


class Scene:
    """A reader in the middle of a long chat that somebody else writes in."""

    def __init__(self, desk: Desk, server: Server, *, count: int = COUNT, read: int | None = None):
        self.pen, self.mine = Pen.register(server.url), Pen.register(server.url, "Ana Gómez")
        self.chat = self.pen.group("Larga", self.mine.user_id)
        # Before anybody looks: a page that is told of each of them has much to do.
        self.written: list[dict[str, Any]] = [
            self.pen.write(self.chat, paragraph(number)) for number in range(1, count + 1)
        ]
        self.mine.read(self.chat, count if read is None else read)
        self.reader = desk.reader()
        self.reader.username = self.mine.username
        self.reader.sign_in(self.reader)
        self.reader.sees_chat("Larga")

    @property
    def page(self) -> Page:
        return self.reader.page

    def enter(self) -> "Scene":
        self.reader.open("Larga")
        expect(self.page.locator("article").last).to_be_visible()
        self.page.wait_for_timeout(1_300)
        return self

    def scroll_up(self, pixels: int) -> None:
        self.page.mouse.move(800, 400)
        for _ in range(pixels // 200):
            self.page.mouse.wheel(0, -200)
            self.page.wait_for_timeout(20)
        self.rest()

    def unread(self) -> dict[str, Any]:
        """The chat as its reader has it on the server."""
        return self.mine.call("GET", f"/chats/{self.chat}")

    def rest(self) -> None:
        """Wait until nothing moves."""
        self.page.evaluate("window.__looks = []")
        self.page.wait_for_function(RESTS, polling=100)


@pytest.fixture
def scene(desk: Desk, server: Server) -> Scene:
    return Scene(desk, server).enter()


def drift_of(scene: Scene, change: Callable[[], object], shown: Callable[[], object]) -> float:
    """The largest movement of the row that is read, in any frame while the change happens."""
    meter = Drift(scene.page)
    meter.start()
    change()
    shown()
    scene.page.wait_for_timeout(400)
    return meter.stop()


def test_nothing_moves_while_reading(scene: Scene):
    page, pen = scene.page, scene.pen
    scene.scroll_up(3_000)
    above, here = scene.written[-120], scene.written[-3]

    def noted() -> None:
        expect(page.get_by_role("button", name="Ir al final, 1 mensaje nuevo")).to_be_visible()

    def settled() -> None:
        page.wait_for_timeout(200)

    changes: dict[str, tuple[Callable[[], object], Callable[[], None]]] = {
        "append": (lambda: pen.write(scene.chat, paragraph(7)), noted),
        "edit below": (lambda: pen.edit(here, "corto"), settled),
        "edit above": (lambda: pen.edit(above, paragraph(3) * 4), settled),
        "reaction above": (lambda: pen.react(above, "👍"), settled),
        "delete above": (lambda: pen.delete(above), settled),
    }
    found = {name: drift_of(scene, *change) for name, change in changes.items()}
    assert {name: drift for name, drift in found.items() if drift > 1} == {}


def test_older_messages_come_without_a_jump(scene: Scene):
    meter = Drift(scene.page)
    jumps = meter.wheel(-240, steps=120)
    assert [jump for jump in jumps if jump > 1] == []
    expect(scene.reader.message(f"mensaje {COUNT}\n")).to_have_count(0)


def test_above_what_was_jumped_over_it_stays_where_it_is_read(desk: Desk, server: Server):
    """Older pages come above it, though the divider is above all of them."""
    scene = Scene(desk, server, read=20)
    for number in range(60):
        scene.written.append(scene.pen.write(scene.chat, f"corto {number}"))
    scene.enter()
    scene.page.get_by_role("button", name="Ir al final").click()
    expect(scene.reader.timeline.get_by_text("corto 59", exact=True)).to_be_in_viewport()
    scene.rest()
    asked: list[str] = []
    scene.page.on("request", lambda request: asked.append(request.url))
    jumps = Drift(scene.page).wheel(-240, steps=80)
    scene.rest()
    assert [jump for jump in jumps if jump > 1] == []
    assert any("before_seq=" in url for url in asked)
    expect(scene.reader.timeline.get_by_text("Sin leer", exact=True)).to_have_count(0)


def test_who_is_at_the_end_stays_there(scene: Scene):
    def ends() -> None:
        scene.rest()
        until(scene.page, f"{LEFT} <= 1")

    scene.pen.write(scene.chat, paragraph(11))
    expect(scene.reader.message("mensaje 11\n")).to_have_count(1)
    last = scene.pen.write(scene.chat, "el último")
    scene.reader.sees("el último")
    ends()
    scene.pen.edit(last, paragraph(14))
    expect(scene.reader.message("mensaje 14\n")).to_have_count(1)
    ends()
    scene.page.set_viewport_size({"width": 1280, "height": 500})
    ends()


def test_who_edits_as_soon_as_it_opens_keeps_the_end_in_sight(desk: Desk, server: Server):
    scene = Scene(desk, server, count=20)
    page = scene.page
    scene.mine.write(scene.chat, "lo mío")
    scene.enter().scroll_up(200)
    scene.pen.group("Otra", scene.mine.user_id)
    scene.reader.open("Otra")
    # Left above its end, which is in sight from there now.
    page.set_viewport_size({"width": 1280, "height": 1_100})
    scene.reader.open("Larga")
    expect(scene.reader.message("lo mío")).to_be_in_viewport()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("Editando un mensaje")).to_be_visible()
    scene.rest()
    until(page, f"{LEFT} <= 1")
    expect(page.get_by_role("button", name="Ir al final")).to_have_count(0)


def test_it_opens_at_the_first_unread_message_and_the_divider_stays(desk: Desk, server: Server):
    scene = Scene(desk, server, read=COUNT - 90).enter()
    divider = scene.reader.timeline.get_by_text("Sin leer", exact=True)
    expect(divider).to_be_in_viewport()
    expect(scene.reader.message(f"mensaje {COUNT - 89}\n")).to_be_in_viewport()
    scene.pen.write(scene.chat, "y otro más")
    expect(scene.page.get_by_role("button", name="Ir al final")).to_be_visible()
    expect(divider).to_be_in_viewport()
    scene.page.get_by_role("button", name="Ir al final").click()
    scene.reader.sees("y otro más")
    expect(scene.page.get_by_role("button", name="Ir al final")).to_have_count(0)


def test_it_opens_at_the_first_unread_message_beyond_its_copy(desk: Desk, server: Server):
    """The copy is the newest page; what is above it is fetched, and only what was shown is read."""
    scene = Scene(desk, server, count=75, read=15)
    page, divider = scene.page, scene.reader.timeline.get_by_text("Sin leer", exact=True)
    scene.pen.write(scene.chat, f"@{scene.mine.username}, mira")
    until(page, STORED, 76)
    scene.enter()
    expect(divider).to_be_in_viewport()
    expect(scene.reader.message("mensaje 16\n")).to_be_in_viewport()
    assert 15 < scene.unread()["read_n"] < 40
    scene.pen.write(scene.chat, "y otro más")
    end = page.get_by_role("button", name="Ir al final")
    expect(end).to_contain_text(re.compile(r"[4-6]\d$"))
    expect(divider).to_be_in_viewport()
    assert scene.unread()["mentions"] == 1
    end.click()
    scene.reader.sees("y otro más")
    expect(end).to_have_count(0)
    until(page, READ, [scene.chat, 77])


def test_without_a_network_nothing_is_read_below_what_is_not_there(desk: Desk, server: Server):
    scene = Scene(desk, server, count=75, read=15)
    page = scene.page
    until(page, STORED, 75)
    scene.reader.offline(yes=True)
    scene.reader.open("Larga")
    expect(scene.reader.message("mensaje 75\n")).to_be_in_viewport()
    scene.rest()
    scene.reader.offline(yes=False)
    expect(scene.reader.timeline.get_by_text("Sin leer", exact=True)).to_be_in_viewport()
    expect(scene.reader.message("mensaje 16\n")).to_be_in_viewport()
    assert scene.unread()["read_n"] < 40


def test_what_came_while_the_page_was_closed_is_unread_when_it_opens_there(
    desk: Desk, server: Server
):
    scene = Scene(desk, server, count=10).enter()
    until(scene.page, STORED, 10)
    scene.page.goto("about:blank")
    for number in range(11, 71):
        scene.pen.write(scene.chat, paragraph(number))
    scene.page.goto(f"{server.url}/c/{scene.chat}")
    expect(scene.reader.timeline.get_by_text("Sin leer", exact=True)).to_be_in_viewport()
    expect(scene.reader.message("mensaje 11\n")).to_be_in_viewport()
    scene.rest()
    assert scene.unread()["read_n"] < 40


def test_what_floats_over_the_messages_leaves_them_the_wheel(scene: Scene):
    page = scene.page
    scene.scroll_up(1_000)
    button = page.get_by_role("button", name="Ir al final")
    button.click()
    expect(button).to_have_count(0)
    # The pointer is where it was, and so is the button as soon as the end is out of sight.
    page.mouse.wheel(0, -200)
    button.hover()
    for _ in range(3):
        scene.rest()
        # For half a second a browser goes on with a turn that began over the messages.
        page.wait_for_timeout(600)
        before = page.evaluate(LEFT)
        page.mouse.wheel(0, -200)
        until(page, f"left => {LEFT} >= left + 150", before)


def test_a_conversation_that_never_pauses_is_followed_all_the_same(desk: Desk, server: Server):
    scene = Scene(desk, server, count=20, read=19)
    scene.reader.open("Larga")
    # The end is in sight, and there is never a second without news.
    for number in range(35):
        scene.pen.write(scene.chat, f"seguido {number}")
        scene.page.wait_for_timeout(150)
    expect(scene.reader.timeline.get_by_text("seguido 34", exact=True)).to_be_in_viewport()
    until(scene.page, f"{LEFT} <= 1")


def test_it_remembers_where_one_was_reading(scene: Scene):
    page = scene.page
    scene.scroll_up(6_000)
    key = page.evaluate(METER + "; topRow()")
    scene.pen.group("Otra", scene.mine.user_id)
    scene.reader.open("Otra")
    scene.reader.open("Larga")
    scene.rest()
    assert page.evaluate(METER + "; topRow()") == key
    page.reload()
    expect(page.locator(f'[data-key="{key}"]')).to_be_in_viewport()
    page.wait_for_timeout(1_500)
    assert page.evaluate(METER + "; topRow()") == key


def test_a_permalink_opens_around_its_message(desk: Desk, server: Server):
    scene = Scene(desk, server)
    target = scene.written[40]
    scene.page.goto(f"{server.url}/c/{scene.chat}/m/{target['seq']}")
    expect(scene.reader.message("mensaje 41\n")).to_be_in_viewport()
    end = scene.page.get_by_role("button", name="Ir al final")
    expect(end).to_have_text(re.compile("^Ir al final"))
    end.click()
    expect(scene.reader.message(f"mensaje {COUNT}\n")).to_be_in_viewport()


def test_a_quote_leads_to_its_message(scene: Scene):
    quoted = scene.written[20]
    scene.pen.write(scene.chat, "respondo a lo viejo", quoted["message_id"])
    answer = scene.reader.message("respondo a lo viejo")
    expect(answer).to_be_visible()
    answer.get_by_role("button", name="Ir al mensaje citado").click()
    expect(scene.reader.message("línea 1 de 21")).to_be_in_viewport()


def test_no_frame_is_blank_while_one_jumps(scene: Scene):
    page = scene.page
    scene.pen.write(scene.chat, "respondo a lo viejo", scene.written[20]["message_id"])
    answer = scene.reader.message("respondo a lo viejo")
    expect(answer).to_be_visible()
    page.evaluate(METER)
    page.evaluate(FRAMES)
    for _ in range(2):
        answer.get_by_role("button", name="Ir al mensaje citado").click()
        expect(scene.reader.message("línea 1 de 21")).to_be_in_viewport()
        # The answer counts as read only after a moment, and the button says how many are not.
        page.get_by_role("button", name="Ir al final").click()
        expect(answer).to_be_in_viewport()
    assert page.evaluate("[window.__blank, window.__frames.length > 20]") == [0, True]
