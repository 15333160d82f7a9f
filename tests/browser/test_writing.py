"""The composer: nothing typed is lost, and what is typed can be helped along."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.fingers import Finger
from tests.browser.pen import Pen
from tests.browser.people import Reader, until
from tests.server import Server

pytestmark = pytest.mark.browser
# The draft that the server has of the conversation before one.
DRAFT = """async text => {
  const id = location.pathname.split('/').pop();
  const { chats } = await (await fetch('/api/v1/chats')).json();
  return chats.find(each => each.chat_id === id)?.draft?.text === text }"""


@pytest.fixture
def ana(desk: Desk) -> Reader:
    """Somebody in a group of her own."""
    reader = desk.reader().register("Ana Gómez")
    reader.found("Redes")
    return reader


def test_a_draft_is_there_after_any_way_out(ana: Reader):
    for text, way in [("uno", ana.page.reload), ("uno dos", lambda: ana.page.goto(ana.url))]:
        ana.composer.fill(text)
        way()
        ana.open("Redes")
        expect(ana.composer).to_have_value(text)
    ana.composer.press("Escape")
    expect(ana.composer).to_have_value("uno dos")


def test_what_is_on_its_way_is_not_mistaken_for_the_message_before(ana: Reader):
    ana.write("uno")
    expect(ana.message("uno")).to_contain_text("Enviado")
    ana.offline(yes=True)
    ana.write("dos")
    ana.composer.press("ArrowUp")
    expect(ana.composer).to_have_value("")
    ana.offline(yes=False)
    expect(ana.message("dos")).to_contain_text("Enviado")
    ana.composer.press("ArrowUp")
    expect(ana.composer).to_have_value("dos")


def test_editing_puts_the_draft_aside_and_brings_it_back(ana: Reader):
    ana.write("hola")
    expect(ana.message("hola")).to_contain_text("Enviado")
    ana.composer.press("ArrowUp")
    expect(ana.composer).to_have_value("hola")
    ana.composer.press("Escape")
    expect(ana.composer).to_have_value("")
    ana.composer.fill("a medias")
    message = ana.message("hola")
    message.hover()
    message.get_by_role("button", name="Acciones del mensaje").click()
    ana.page.get_by_role("menuitem", name="Editar").click()
    ana.composer.fill("hola a todos")
    ana.page.reload()
    expect(ana.composer).to_have_value("hola a todos")
    ana.composer.press("Enter")
    ana.sees("hola a todos")
    expect(ana.composer).to_have_value("a medias")


def test_colons_slashes_and_names_complete(desk: Desk, ana: Reader):
    desk.reader().register("Benjamín Núñez")
    ana.composer.press_sequentially("gracias :grac")
    expect(ana.page.get_by_role("option", name="gracias")).to_be_visible()
    ana.composer.press("Enter")
    expect(ana.composer).to_have_value("gracias 🙏 ")
    ana.composer.fill("")
    ana.composer.press_sequentially("/cod")
    expect(ana.page.get_by_role("option").first).to_be_visible()
    ana.composer.press("Tab")
    expect(ana.composer).to_have_value("```\n\n```")
    ana.composer.press_sequentially("x = 1")
    expect(ana.composer).to_have_value("```\nx = 1\n```")
    ana.composer.fill("")
    ana.composer.press_sequentially("@al")
    ana.composer.press("Escape")
    expect(ana.composer).to_have_value("@al")


def test_marks_by_keys_and_links_by_paste(ana: Reader):
    ana.composer.fill("importante")
    for keys, text in [
        ("Control+b", "**importante**"),
        ("Control+b", "importante"),
        ("Control+Shift+x", "~~importante~~"),
    ]:
        ana.composer.select_text()
        ana.composer.press(keys)
        expect(ana.composer).to_have_value(text)
    ana.composer.fill("aquí")
    ana.composer.select_text()
    ana.page.evaluate(
        """() => {
          const data = new DataTransfer(); data.setData('text/plain', 'https://uptc.edu.co');
          document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(ana.composer).to_have_value("[aquí](https://uptc.edu.co)")


def test_enter_may_break_the_line_instead(ana: Reader):
    ana.button("Tu cuenta").or_(ana.page.get_by_role("button", name="Cuenta")).first.click()
    ana.page.get_by_role("tab", name="Apariencia").click()
    ana.page.get_by_text("Enter salta de línea").click()
    ana.page.keyboard.press("Escape")
    ana.composer.click()
    ana.composer.press_sequentially("una")
    ana.composer.press("Enter")
    ana.composer.press_sequentially("dos")
    expect(ana.composer).to_have_value("una\ndos")
    ana.composer.press("Control+Enter")
    expect(ana.composer).to_have_value("")
    ana.sees("una")


def test_the_limit_shows_before_it_is_passed(ana: Reader):
    ana.composer.fill("a" * 16_000)
    expect(ana.page.get_by_text("Quedan 384 bytes")).to_be_visible()
    ana.composer.fill("ñ" * 8_200)
    expect(ana.page.get_by_text("Te pasas por 16")).to_be_visible()
    ana.composer.press("Enter")
    expect(ana.composer).to_have_value("ñ" * 8_200)


def test_what_another_device_wrote_at_the_same_time_is_offered(
    desk: Desk, server: Server, ana: Reader
):
    other = Pen.login(server.url, ana.username)
    chat = ana.page.url.rsplit("/", 1)[1]
    ana.offline(yes=True)
    ana.composer.fill("desde el computador")
    other.call("PUT", f"/chats/{chat}/draft", {"text": "desde el teléfono", "version": 0})
    ana.offline(yes=False)
    expect(ana.page.get_by_text("En otro dispositivo escribiste:")).to_be_visible()
    expect(ana.composer).to_have_value("desde el computador")
    ana.button("Usarlo").click()
    expect(ana.composer).to_have_value("desde el teléfono")


def test_a_device_that_comes_back_late_overwrites_nothing(desk: Desk, ana: Reader):
    phone = desk.reader(width=390, height=844, has_touch=True).sign_in(ana)
    phone.open("Redes")
    phone.offline(yes=True)
    phone.composer.fill("del teléfono")
    ana.composer.fill("del escritorio")
    until(ana.page, DRAFT, "del escritorio")
    phone.offline(yes=False)
    expect(phone.page.get_by_text("En otro dispositivo escribiste:")).to_be_visible()
    phone.composer.fill("del teléfono, y más")
    # Longer than a pause in the typing.
    ana.page.reload()
    ana.has_before_it("Redes")
    expect(ana.composer).to_have_value("del escritorio")
    phone.write("del teléfono, y más")
    ana.sees("del teléfono, y más")
    expect(ana.composer).to_have_value("del escritorio")
    until(ana.page, DRAFT, "del escritorio")
    # Where nobody touched it, it still follows.
    phone.button("Usarlo").click()
    expect(phone.composer).to_have_value("del escritorio")
    phone.composer.fill("de los dos")
    expect(ana.composer).to_have_value("de los dos")
    ana.composer.press("Enter")
    phone.sees("de los dos")
    expect(phone.composer).to_have_value("")


def test_what_waits_is_not_sent_after_all(desk: Desk):
    ana = desk.reader(width=390, height=844, has_touch=True).register("Ana Gómez")
    ana.found("Redes")
    ana.offline(yes=True)
    ana.write("esto va")
    ana.write("mejor no")
    expect(ana.message("mejor no")).to_contain_text("En espera")
    ana.composer.fill("y esto lo escribo ahora")
    Finger(ana.page).hold(ana.message("mejor no"))
    menu = ana.page.get_by_role("menu")
    expect(menu.get_by_role("menuitem")).to_have_text(["Copiar texto", "No enviar"])
    assert ana.flaws() == []
    menu.get_by_role("menuitem", name="No enviar").click()
    expect(ana.message("mejor no")).to_have_count(0)
    expect(ana.composer).to_have_value("mejor no\n\ny esto lo escribo ahora")
    expect(ana.composer).to_be_focused()
    ana.offline(yes=False)
    expect(ana.message("esto va")).to_contain_text("Enviado")
    ana.page.reload()
    ana.sees("esto va")
    expect(ana.message("mejor no")).to_have_count(0)
    expect(ana.composer).to_have_value("mejor no\n\ny esto lo escribo ahora")
