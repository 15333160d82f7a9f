"""The list of chats: by mouse, by keys, by finger."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Desk
from tests.browser.fingers import Finger
from tests.browser.luggage import drop, photos
from tests.browser.pen import Pen
from tests.browser.people import Reader

pytestmark = pytest.mark.browser


@pytest.fixture
def couple(desk: Desk) -> tuple[Reader, Reader]:
    """Ana with two chats and a message from Ben in one of them; Ben on a phone."""
    ana = desk.reader().register("Ana Gómez")
    ben = desk.reader(width=390, height=844, has_touch=True, is_mobile=True).register("Ben Ruiz")
    ana.found("Reunión de álgebra", ben)
    ana.write("hola")
    ana.found("Redes", ben)
    ben.sees_chat("Redes")
    return ana, ben


def item(reader: Reader, name: str) -> Locator:
    return reader.page.get_by_role("menuitem", name=name)


def test_a_line_says_who_wrote_what(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ana.open("Redes")
    ben.open("Reunión de álgebra")
    ben.write("¿a las ocho?")
    expect(ana.chat("Reunión")).to_contain_text("Ben Ruiz: ¿a las ocho?")
    drop(ben.page, photos(1)[0])
    expect(ben.page.locator(".tray img")).to_be_visible()
    ben.button("Enviar").click()
    expect(ana.chat("Reunión")).to_contain_text("Ben Ruiz: Foto")


def test_a_right_click_marks_as_unread_and_read(couple: tuple[Reader, Reader]):
    ana, _ = couple
    algebra = ana.chat("Reunión de álgebra")
    algebra.click(button="right")
    item(ana, "Marcar como no leída").click()
    expect(algebra).to_contain_text("1 mensaje sin leer")
    algebra.focus()
    ana.page.keyboard.press("Shift+F10")
    item(ana, "Marcar como leída").click()
    expect(algebra).not_to_contain_text("sin leer")


def test_what_is_open_is_left_when_it_is_marked_as_unread(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ana.open("Redes")
    ben.open("Redes")
    ben.write("para luego")
    ana.sees("para luego")
    redes = ana.chat("Redes")
    expect(redes).not_to_contain_text("sin leer")
    redes.click(button="right")
    item(ana, "Marcar como no leída").click()
    expect(ana.composer).to_have_count(0)
    expect(redes).to_contain_text("1 mensaje sin leer")
    ana.page.reload()
    expect(redes).to_contain_text("1 mensaje sin leer")
    ana.open("Redes")
    expect(ana.timeline.get_by_text("Sin leer", exact=True)).to_be_visible()


def test_the_menu_has_a_button_of_its_own(couple: tuple[Reader, Reader]):
    ana, _ = couple
    ana.chat("Redes").hover()
    ana.page.get_by_role("button", name="Opciones de Redes").click()
    item(ana, "Fijar arriba").click()
    expect(ana.chat("Redes")).to_contain_text("Fijada")
    ana.page.reload()
    expect(ana.chat("Redes")).to_contain_text("Fijada")
    expect(ana.page.locator("nav li").first).to_contain_text("Redes")


def test_no_line_moves_from_under_the_pointer(couple: tuple[Reader, Reader]):
    ana, ben = couple
    lines = ana.page.locator("nav li")
    expect(lines.first).to_contain_text("Redes")
    ben.open("Reunión de álgebra")
    ben.composer.fill("¿quedamos?")
    # A pointer that rests for three seconds points at nothing: it comes late, and moves on.
    ana.chat("Redes").hover()
    ben.composer.press("Enter")
    box = ana.chat("Redes").bounding_box()
    assert box is not None
    news = ana.chat("Reunión de álgebra").filter(has_text="¿quedamos?")
    for step in range(400):
        ana.page.mouse.move(box["x"] + box["width"] / 2 + step % 2, box["y"] + box["height"] / 2)
        if news.count() == 1:
            break
        ana.page.wait_for_timeout(50)
    assert "Redes" in lines.first.inner_text()
    expect(news).to_have_count(1)
    ana.page.mouse.move(900, 400)
    expect(lines.first).to_contain_text("Reunión de álgebra")


def test_a_direct_chat_begins_with_its_first_word(desk: Desk):
    ben = desk.reader().register("Ben Ruiz")
    ana = desk.reader().register("Ana Gómez")
    ana.button("Nueva conversación").first.click()
    ana.page.get_by_role("combobox", name="Buscar personas").fill(ben.username)
    ana.page.get_by_role("option", name=f"@{ben.username}").click()
    expect(ana.composer).to_be_visible()
    # Nobody has said anything: neither has a line for it, and Ana's page says whose it is.
    (chat,) = Pen.login(ana.url, ben.username).call("GET", "/chats")["chats"]
    assert chat["n"] == 0
    ben.page.reload()
    expect(ben.page.get_by_text("Aún no hay conversaciones")).to_be_visible()
    expect(ana.page.locator("nav li")).to_have_count(0)
    expect(ana.page).to_have_title("Ben Ruiz · UPTC Messenger")
    ana.composer.press_sequentially("hola")
    expect(ana.chat("Ben Ruiz")).to_contain_text("Borrador")
    ana.composer.press("Enter")
    expect(ben.chat("Ana Gómez")).to_contain_text("hola")
    expect(ben.page).to_have_title("(1) UPTC Messenger")


def test_what_is_wished_without_a_network_is_wished_for_good(couple: tuple[Reader, Reader]):
    ana, _ = couple
    phone = Pen.login(ana.url, ana.username)
    expect(ana.page.get_by_role("region", name="Estado de la conexión")).to_have_count(0)
    ana.offline(yes=True)
    for action in ("Fijar arriba", "Silenciar"):
        ana.chat("Reunión de álgebra").click(button="right")
        item(ana, action).click()
    expect(ana.chat("Reunión de álgebra")).to_contain_text("Fijada")
    # The page is closed before there is a network again.
    ana.page.goto("about:blank")
    chats = phone.call("GET", "/chats")["chats"]
    assert [chat["pinned"] for chat in chats] == [False, False]
    # Meanwhile another device wishes something else.
    algebra = next(chat for chat in chats if chat["title"] == "Reunión de álgebra")
    chat = f"/chats/{algebra['chat_id']}"
    phone.call("PUT", f"{chat}/preferences", {"level": "all", "pinned": False, "archived": True})
    ana.offline(yes=False)
    ana.page.goto(ana.url)
    ana.button("Archivadas").click()
    expect(ana.chat("Reunión de álgebra")).to_contain_text("Fijada")
    now = phone.call("GET", chat)
    for _ in range(100):
        if now["pinned"]:
            break
        ana.page.wait_for_timeout(50)
        now = phone.call("GET", chat)
    assert (now["pinned"], now["level"], now["archived"]) == (True, "none", True)


def test_a_finger_held_still_opens_a_menu_that_stays(couple: tuple[Reader, Reader]):
    _, ben = couple
    Finger(ben.page).hold(ben.chat("Redes"))
    ben.page.wait_for_timeout(400)  # What the browser makes up after a touch comes late.
    expect(item(ben, "Silenciar")).to_be_visible()
    expect(ben.page).to_have_url(re.compile("/$"))
    item(ben, "Silenciar").tap()
    expect(ben.chat("Redes")).to_contain_text("Silenciada")


def test_a_finger_held_on_a_message_opens_a_menu_that_stays(couple: tuple[Reader, Reader]):
    _, ben = couple
    ben.open("Reunión de álgebra")
    Finger(ben.page).hold(ben.message("hola"))
    ben.page.wait_for_timeout(400)
    item(ben, "Responder").tap()
    expect(ben.page.get_by_text("Respuesta a Ana Gómez")).to_be_visible()


def test_a_push_archives_and_can_be_undone(couple: tuple[Reader, Reader]):
    _, ben = couple
    Finger(ben.page).swipe(ben.chat("Redes"), -160)
    expect(ben.chat("Redes")).to_have_count(0)
    ben.button("Deshacer").tap()
    expect(ben.chat("Redes")).to_be_visible()
    Finger(ben.page).swipe(ben.chat("Redes"), -160)
    ben.button("Archivadas").tap()
    expect(ben.chat("Redes")).to_be_visible()


def test_what_comes_to_an_archived_chat_is_counted(couple: tuple[Reader, Reader]):
    ana, ben = couple
    Finger(ben.page).swipe(ben.chat("Redes"), -160)
    expect(ben.button("Archivadas")).to_be_visible()
    ana.open("Redes")
    ana.write("¿sigues ahí?")
    chip = ben.button("Archivadas 1 mensaje sin leer")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert ben.flaws() == []
    ben.open("Redes")
    ben.sees("¿sigues ahí?")


def test_preferences_follow_to_another_device(couple: tuple[Reader, Reader], desk: Desk):
    ana, _ = couple
    other = desk.reader(width=390, height=844)
    other.sign_in(ana)
    ana.chat("Redes").click(button="right")
    item(ana, "Silenciar").click()
    expect(other.chat("Redes")).to_contain_text("Silenciada")


def test_filters_and_folders(couple: tuple[Reader, Reader]):
    ana, _ = couple
    ana.chat("Redes").click(button="right")
    item(ana, "Carpetas").click()
    ana.page.get_by_label("Carpeta nueva").fill("Cursos")
    ana.button("Crear carpeta").click()
    ana.page.keyboard.press("Escape")
    ana.button("Cursos").click()
    expect(ana.chat("Reunión de álgebra")).to_have_count(0)
    expect(ana.chat("Redes")).to_be_visible()
    ana.button("Sin leer").click()
    expect(ana.page.get_by_text("Aquí no hay conversaciones.")).to_be_visible()
    ana.button("Todas").click()
    expect(ana.chat("Reunión de álgebra")).to_be_visible()


def test_the_switcher_is_blind_to_accents(couple: tuple[Reader, Reader]):
    ana, _ = couple
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("reunion")
    expect(ana.page.get_by_role("option").first).to_contain_text("Reunión de álgebra")
    assert ana.flaws() == []
    ana.page.keyboard.press("Enter")
    expect(ana.page.get_by_role("textbox", name="Mensaje para Reunión de álgebra")).to_be_visible()
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("ben ruiz")
    # Not the offer to search in messages for these words, which is there at once.
    ana.page.get_by_role("option", name=re.compile("^(?!Buscar).*Ben Ruiz")).first.click()
    expect(ana.page.get_by_role("textbox", name="Mensaje para Ben Ruiz")).to_be_visible()


def test_keys_walk_from_chat_to_chat(couple: tuple[Reader, Reader]):
    ana, _ = couple
    ana.page.keyboard.press("Alt+ArrowDown")
    expect(ana.page.get_by_role("textbox", name="Mensaje para Reunión de álgebra")).to_be_visible()
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("F6")
    ana.page.keyboard.press("?")
    expect(ana.page.get_by_role("heading", name="Atajos de teclado")).to_be_visible()
    assert ana.flaws() == []


def test_back_leads_from_a_chat_to_the_list(couple: tuple[Reader, Reader]):
    _, ben = couple
    ben.open("Redes")
    # What a tap does comes after the tap.
    ben.page.get_by_role("button", name="Redes").tap()
    expect(ben.window).to_be_visible()
    ben.page.go_back()
    expect(ben.window).to_have_count(0)
    expect(ben.composer).to_be_visible()
    ben.page.go_back()
    expect(ben.chat("Redes")).to_be_visible()
    expect(ben.composer).to_have_count(0)


def test_a_rename_is_seen_after_a_reload(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ana.write("x")
    answer = ben.page.request.patch(
        f"{ben.url}/api/v1/users/me",
        data={"display_name": "Benito Ruiz"},
        headers={"Origin": ben.url},
    )
    assert answer.ok
    ana.button("Miembros").click()
    ana.page.reload()
    expect(ana.page.get_by_text("Benito Ruiz").first).to_be_visible()
