"""Writing now what is to be sent later."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.luggage import Customs, drop, photos, report
from tests.browser.room import Room
from tests.server import Server

pytestmark = pytest.mark.browser


# Which of these buttons are too narrow for their name in one line beside the longest time.
NARROW = """buttons => buttons.filter(button => {
  button.querySelector('.numbers').textContent = '12:58 p. m.'
  const name = document.createRange()
  name.selectNode([...button.childNodes].find(each => each.nodeType === Node.TEXT_NODE))
  return name.getClientRects().length > 1 || button.scrollWidth > button.clientWidth
}).map(button => button.textContent)"""


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    return Room(desk, server)


def test_a_message_is_scheduled_changed_and_sent_now(room: Room):
    ana = room.enter()
    ana.composer.fill("Mañana no hay clase")
    ana.button("Programar el envío").click()
    window = ana.window
    expect(window).to_contain_text("Mañana no hay clase")
    tomorrow = window.get_by_role("button", name="Mañana")
    # One line each, on whatever screen.
    for width in (390, 1280):
        ana.page.set_viewport_size({"width": width, "height": 800})
        assert window.locator(".presets .button").evaluate_all(NARROW) == []
    tomorrow.click()
    expect(tomorrow).to_have_attribute("aria-pressed", "true")
    expect(window.get_by_label("Hora", exact=True)).to_have_value("08:00")
    assert ana.flaws() == []
    window.get_by_role("button", name="Programar", exact=True).click()
    expect(ana.composer).to_have_value("")
    # It stands there as long as the server has not heard of it.
    expect(ana.timeline.get_by_role("article")).to_have_count(0)

    ana.button("1 mensaje programado").click()
    expect(window.get_by_role("listitem")).to_have_count(1)
    expect(window.get_by_role("listitem")).to_contain_text("Mañana no hay clase")
    assert ana.flaws() == []
    ana.button("Cambiar").click()
    window.get_by_label("Mensaje", exact=True).fill("Mañana sí hay clase")
    window.get_by_label("Fecha").fill("2020-01-01")
    expect(window).to_contain_text("Elige una hora que no haya pasado.")
    window.get_by_label("Fecha").fill(f"{datetime.now(UTC).year + 1}-01-15")
    ana.button("Guardar").click()
    expect(window.get_by_role("listitem")).to_contain_text("Mañana sí hay clase")
    ana.button("Enviar ahora").click()
    expect(window).to_contain_text("No hay mensajes programados.")
    ana.page.keyboard.press("Escape")
    ana.sees("Mañana sí hay clase")
    expect(ana.button("1 mensaje programado")).to_have_count(0)


def test_files_are_brought_first_also_by_the_next_page(room: Room):
    ana = room.enter()
    customs = Customs(ana.page.context)
    drop(ana.page, *photos(1), report())
    expect(ana.page.locator(".tray li")).to_have_count(2)
    ana.composer.fill("Para la entrega")
    ana.button("Programar el envío").click()
    expect(ana.window).to_contain_text(report().name)
    expect(ana.window).to_contain_text("Los archivos se suben primero")
    ana.window.get_by_role("button", name="Mañana").click()
    assert ana.flaws() == []
    ana.window.get_by_role("button", name="Programar", exact=True).click()
    planned = ana.message("Para la entrega")
    expect(planned).to_contain_text("Por programar")
    expect(planned.get_by_role("progressbar")).to_have_count(2)
    # What is said meanwhile need not wait for them.
    ana.write("esto va ya")
    expect(ana.message("esto va ya")).to_contain_text("Enviado")
    assert room.mine.call("GET", "/scheduled")["scheduled"] == []

    ana.page.reload()
    expect(planned).to_contain_text("Por programar")
    customs.let_go()
    waiting = ana.button("1 mensaje programado")
    expect(waiting).to_be_visible()
    expect(planned).to_have_count(0)
    waiting.click()
    one = ana.window.get_by_role("listitem")
    expect(one).to_contain_text("Para la entrega")
    expect(one).to_contain_text(report().name)
    ana.button("Enviar ahora").click()
    ana.page.keyboard.press("Escape")
    expect(ana.message("Para la entrega")).to_contain_text(report().name)
    expect(ana.message("Para la entrega").locator(".album button")).to_have_count(1)


def test_without_a_network_it_waits_to_be_scheduled(room: Room):
    ana = room.enter()
    ana.offline(yes=True)
    ana.composer.fill("Mañana no hay clase")
    ana.button("Programar el envío").click()
    ana.window.get_by_role("button", name="Programar", exact=True).click()
    expect(ana.message("Mañana no hay clase")).to_contain_text("En espera")
    ana.offline(yes=False)
    expect(ana.button("1 mensaje programado")).to_be_visible()
    expect(ana.message("Mañana no hay clase")).to_have_count(0)


def test_the_context_menu_of_the_send_button_asks_for_a_time(room: Room):
    ana = room.enter()
    ana.composer.fill("luego")
    ana.button("Enviar").click(button="right")
    expect(ana.window.get_by_role("heading")).to_have_text("Programar el envío")
    ana.page.keyboard.press("Escape")
    expect(ana.composer).to_have_value("luego")


def test_what_another_device_planned_is_shown_and_comes_when_it_is_sent(room: Room):
    ana = room.enter()
    first = room.plan("a su hora", 3600)
    expect(ana.button("1 mensaje programado")).to_be_visible()
    room.plan("nunca", 3600)
    ana.button("2 mensajes programados").click()
    expect(ana.window.get_by_role("listitem")).to_have_count(2)
    # The list follows by itself when another device lets the first of them go.
    room.mine.call("POST", f"/chats/{room.chat}/scheduled/{first}/send")
    expect(ana.window.get_by_role("listitem")).to_have_count(1)
    ana.button("Eliminar").click()
    question = ana.page.get_by_role("dialog", name="¿Eliminar este mensaje programado?")
    question.get_by_role("button", name="Eliminar", exact=True).click()
    expect(ana.window).to_contain_text("No hay mensajes programados.")
    ana.page.keyboard.press("Escape")
    ana.sees("a su hora")
    assert ana.said() == ["a su hora"]


def test_what_could_not_be_sent_says_so(room: Room):
    ana = room.enter()
    room.plan("ya no estoy", 15)
    expect(ana.button("1 mensaje programado")).to_be_visible()
    room.beto.call("DELETE", f"/chats/{room.chat}/members/{room.mine.user_id}")
    failed = ana.page.get_by_text("No se pudo enviar un mensaje programado.")
    expect(failed).to_be_visible(timeout=40_000)
    assert room.mine.call("GET", "/scheduled")["scheduled"][0]["failure"]["code"] == "not_found"
    # Also for whoever was not there to hear of it: nothing else leads to what was written there.
    ana.page.reload()
    ana.button("1 mensaje programado no se envió").click()
    one = ana.window.get_by_role("listitem")
    expect(one).to_contain_text("Ya no estás en esa conversación.")
    expect(one.get_by_role("button")).to_have_text(["Copiar", "Eliminar"])
    assert ana.flaws() == []
    one.get_by_role("button", name="Eliminar").click()
    question = ana.page.get_by_role("dialog", name="¿Eliminar este mensaje programado?")
    question.get_by_role("button", name="Eliminar", exact=True).click()
    expect(ana.window).to_contain_text("No hay mensajes programados.")
    ana.page.keyboard.press("Escape")
    expect(ana.button("1 mensaje programado no se envió")).to_have_count(0)
