"""Without a pointer, without sight of the screen, with large letters: everything is still there."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.focus import focus_of, walk
from tests.browser.pen import Pen, paragraph
from tests.browser.people import Reader
from tests.server import Server

pytestmark = pytest.mark.browser
VISIBLE = 3.0
SPOKEN = """() => { window.__spoken = [];
  const region = document.querySelector('#app > p[role=status]');
  new MutationObserver(() => window.__spoken.push(region.textContent))
    .observe(region, {childList: true, characterData: true, subtree: true}) }"""


def room(desk: Desk, server: Server, count: int, **look: Any) -> tuple[Reader, Pen, str]:
    """Ana in a group where Beto has written so much."""
    pen, mine = Pen.register(server.url), Pen.register(server.url, "Ana Gómez")
    chat = pen.group("Redes", mine.user_id)
    for number in range(count):
        pen.write(chat, paragraph(number))
    ana = desk.reader(**look)
    ana.username = mine.username
    ana.sign_in(ana).open("Redes")
    expect(ana.timeline.get_by_role("article").last).to_be_visible()
    ana.page.wait_for_timeout(1_300)
    return ana, pen, chat


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_keyboard_goes_round_and_shows_where_it_is(desk: Desk, server: Server, *, dark: bool):
    ana, _, _ = room(desk, server, 3, dark=dark)
    # What keeps the focus is there with the first window: it must not hold it back either.
    ana.page.keyboard.press("Control+k")
    expect(ana.window).to_be_visible()
    ana.page.keyboard.press("Escape")
    expect(ana.window).to_have_count(0)
    around = walk(ana.page)
    assert [each for each in around if each.contrast < VISIBLE] == []
    names = " | ".join(each.name for each in around)
    for part in ("Nueva conversación", "Redes", "mensaje 2", "Mensaje para", "Enviar"):
        assert part in names
    # Of all messages Tab reaches one; what goes while it has the focus may give it back there.
    assert len({each.number for each in around if each.tag == "article"}) == 1


def test_a_message_is_answered_and_a_window_closed_by_keys_alone(desk: Desk, server: Server):
    ana, _, _ = room(desk, server, 3)
    page = ana.page
    while focus_of(page).tag != "article":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    assert "mensaje 1" in focus_of(page).name
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    for _ in range(20):
        if focus_of(page).name == "Responder":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(ana.composer).to_be_focused()
    page.keyboard.type("de acuerdo")
    page.keyboard.press("Enter")
    ana.sees("de acuerdo")
    page.keyboard.press("Control+k")
    expect(ana.window).to_be_visible()
    assert [each for each in walk(page, most=20) if each.contrast < VISIBLE] == []
    page.keyboard.press("Escape")
    expect(ana.window).to_have_count(0)
    assert focus_of(page).tag != "body"


def test_a_reader_hears_each_new_message_once_and_nothing_of_the_old(desk: Desk, server: Server):
    ana, pen, chat = room(desk, server, 90)
    ana.page.evaluate(SPOKEN)
    ana.page.mouse.move(800, 400)
    for _ in range(20):
        ana.page.mouse.wheel(0, -400)
        ana.page.wait_for_timeout(20)
    assert ana.page.evaluate("window.__spoken") == []
    pen.write(chat, "primero")
    pen.write(chat, "segundo")
    ana.page.wait_for_function("() => window.__spoken.some(text => text.includes('segundo'))")
    assert spoken(ana.page) == ["Beto Ríos: primero", "Beto Ríos: segundo"]


def spoken(page: Page) -> list[str]:
    said: list[str] = page.evaluate("window.__spoken")
    # What comes in one moment is said together.
    return "\n".join(said).split("\n")


@pytest.mark.parametrize(
    "look",
    [
        {"width": 320, "height": 640},
        {"width": 640, "height": 400, "device_scale_factor": 2},
        {"width": 390, "height": 844, "forced_colors": "active"},
        {"width": 390, "height": 844, "reduced_motion": "reduce", "dark": True},
    ],
    ids=["400 %", "200 %", "forced colours", "no motion"],
)
def test_nothing_is_lost_however_it_is_shown(desk: Desk, server: Server, look: dict[str, Any]):
    ana, _, _ = room(desk, server, 3, **look)
    page = ana.page
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    expect(ana.composer).to_be_in_viewport()
    expect(ana.button("Grabar una nota de voz")).to_be_in_viewport()
    ana.composer.fill("hola")
    expect(ana.button("Enviar")).to_be_in_viewport()
    assert ana.flaws() == []
    running = "document.getAnimations().filter(each => each.effect.getTiming().duration > 1).length"
    ana.write("hola")
    if "reduced_motion" in look:
        assert page.evaluate(running) == 0
    if look["width"] < 768:
        page.get_by_role("button", name="Volver").first.click()
        expect(ana.chat("Redes")).to_be_in_viewport()
        assert page.evaluate(wide) <= 0
        assert ana.flaws() == []


def test_the_largest_letters_leave_the_screen_to_the_messages(desk: Desk, server: Server):
    ana, _, _ = room(desk, server, 3, width=390, height=844)
    page = ana.page
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    ana.offline(yes=True)
    banner = page.get_by_role("complementary", name="Estado de la conexión")
    again = banner.get_by_role("button", name="Reintentar")
    expect(again).to_be_visible()
    assert banner.evaluate("each => each.offsetHeight") < 844 / 8
    # A word that a finger can hit.
    assert again.evaluate("each => each.offsetHeight") >= 44
    lines = "all => all.map(each => each.getClientRects().length)"
    assert set(page.locator(".who time").evaluate_all(lines)) == {1}
    assert ana.flaws() == []


def test_what_is_taken_away_hands_the_focus_to_what_stands_beside_it(desk: Desk, server: Server):
    ana, _, _ = room(desk, server, 3)
    page = ana.page
    for text in ("el lunes", "el martes"):
        ana.composer.fill(text)
        ana.button("Programar el envío").press("Enter")
        ana.window.get_by_role("button", name="Mañana").press("Enter")
        # Its button is gone with the text.
        ana.window.get_by_role("button", name="Programar", exact=True).press("Enter")
        expect(ana.window).to_have_count(0)
        expect(ana.composer).to_have_value("")
        page.wait_for_function("document.activeElement !== document.body")
    ana.button("2 mensajes programados").press("Enter")
    plans = ana.window.get_by_role("listitem")
    expect(plans).to_have_count(2)
    for left in (1, 0):
        plans.first.get_by_role("button", name="Eliminar").press("Enter")
        expect(page.locator("dialog[open]")).to_have_count(2)
        ana.button("Eliminar").last.press("Enter")
        expect(plans).to_have_count(left)
        inside = "document.querySelector('dialog').contains(document.activeElement)"
        page.wait_for_function(inside)
    page.keyboard.press("Escape")
    expect(ana.window).to_have_count(0)
    page.wait_for_function("document.activeElement !== document.body")


def test_a_pause_of_the_notices_keeps_the_focus_where_it_was_asked_for(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ana.button("Tu cuenta y ajustes").press("Enter")
    ana.window.get_by_role("tab", name="Notificaciones").press("Enter")
    for pressed, instead in (("1 hora", "Reanudar"), ("Reanudar", "1 hora")):
        ana.window.get_by_role("button", name=pressed, exact=True).press("Enter")
        expect(ana.window.get_by_role("button", name=instead, exact=True)).to_be_visible()
        inside = "document.querySelector('dialog').contains(document.activeElement)"
        ana.page.wait_for_function(inside)
