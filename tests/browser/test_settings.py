"""What a person sets, and what a shared computer keeps."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import PASSWORD, Reader, until
from tests.server import Server

pytestmark = pytest.mark.browser
PAGES = (
    "Apariencia",
    "Notificaciones",
    "Dispositivos",
    "Seguridad",
    "Privacidad",
    "Almacenamiento",
)
STORED = """async () => [
    ...Object.keys(localStorage),
    ...(await indexedDB.databases()).map(({ name }) => name),
]"""


def settings(reader: Reader, page: str) -> None:
    reader.button("Tu cuenta y ajustes").click()
    reader.page.get_by_role("tab", name=page).click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_page_of_the_settings_has_a_flaw_that_axe_knows(desk: Desk, *, dark: bool):
    ana = desk.reader(width=390, height=844, dark=dark).register("Ana Gómez")
    ana.button("Tu cuenta y ajustes").click()
    assert ana.flaws() == []
    for page in PAGES:
        ana.page.get_by_role("tab", name=page).click()
        assert ana.flaws() == []


def test_the_look_changes_at_once_and_stays(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    settings(ana, "Apariencia")
    ana.page.get_by_label("Oscuro").check()
    ana.page.get_by_label("Más contraste").check()
    ana.page.get_by_label("Tamaño del texto").select_option("Grande")
    ana.page.get_by_label("Compacto").check()
    assert ana.flaws() == []
    ana.page.get_by_label("English").check()
    expect(ana.page.get_by_role("heading", name="Settings")).to_be_visible()
    ana.page.reload()
    expect(ana.page.get_by_role("heading", name="Conversations").first).to_be_visible()
    root = ana.page.locator("html")
    expect(root).to_have_class("dark contrast compact")
    expect(root).to_have_css("font-size", "18.4px")


def test_the_server_writes_in_the_language_of_the_interface(desk: Desk, server: Server):
    beto = Pen.register(server.url)
    link = beto.call("POST", "/invites", {"chat_ids": [beto.group("Redes")]})["url"]
    ana = desk.reader(language="en-US").join(link, "Ana Gómez")
    expect(ana.page.get_by_role("heading", name="Redes").first).to_be_visible()
    mine = Pen.login(server.url, ana.username)
    assert mine.call("GET", "/users/me")["locale"] == "en"
    ana.button("Your account and settings").click()
    ana.page.get_by_role("tab", name="Appearance").click()
    with ana.page.expect_response("**/users/me"):
        ana.page.get_by_label("Español").check()
    expect(ana.page.get_by_text("el idioma, también en tu cuenta")).to_be_visible()
    assert mine.call("GET", "/users/me")["locale"] == "es"


def test_a_shared_computer_keeps_nothing(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ana.found("Secretos")
    ana.write("entre nosotros")
    library = desk.reader()
    page = library.page
    page.goto(library.url)
    page.get_by_label("Este dispositivo es compartido").check()
    page.locator("input[name=username]").fill(ana.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    library.open("Secretos")
    library.sees("entre nosotros")
    # A second tab is as shared as the first, and takes nothing with it when it is closed.
    second = page.context.new_page()
    second.goto(page.url)
    expect(second.get_by_role("feed").get_by_text("entre nosotros")).to_be_visible()
    second.goto("about:blank")
    assert "entre nosotros" not in str(page.evaluate(EVERYTHING))
    second.close()
    library.write("sigo aquí")
    other = page.context.new_page()
    page.close()
    other.goto(library.url)
    expect(other.locator("input[name=password]")).to_be_visible()
    assert other.request.get(f"{library.url}/api/v1/users/me").status == 401
    # Where it began before the first one had ended it is as shared as that, and makes no database.
    until(other, f"async () => ['', 'uptc-messenger'].includes(String(await ({STORED})()))")
    assert "entre nosotros" not in str(other.evaluate(EVERYTHING))


def at_the_library(desk: Desk, username: str) -> Reader:
    """Somebody new at a computer that they say is other people's too."""
    library = desk.reader()
    page = library.page
    page.goto(f"{library.url}/register")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_label("Este dispositivo es compartido").check()
    page.keyboard.press("Enter")
    expect(library.button("Nueva conversación").first).to_be_visible()
    return library


def test_a_shared_computer_keeps_nothing_of_a_new_account(desk: Desk):
    library = at_the_library(desk, "visita")
    page = library.page
    other = page.context.new_page()
    page.close()
    other.goto(library.url)
    expect(other.locator("input[name=password]")).to_be_visible()
    assert other.request.get(f"{library.url}/api/v1/users/me").status == 401


def test_a_tab_of_a_shared_computer_that_dies_without_a_word_ends_the_session(desk: Desk):
    library = at_the_library(desk, "lectora")
    page = library.page
    second = page.context.new_page()
    second.goto(library.url)
    expect(second.get_by_role("button", name="Nueva conversación").first).to_be_visible()
    with suppress(PlaywrightError):
        page.goto("chrome://crash")
    expect(second.locator("input[name=password]")).to_be_visible()
    assert second.request.get(f"{library.url}/api/v1/users/me").status == 401


def test_whoever_has_only_the_cookie_left_is_still_in(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ana.found("Apuntes")
    cookies = ana.page.context.cookies()
    elsewhere = desk.reader()
    elsewhere.page.context.add_cookies([{**cookie} for cookie in cookies])
    elsewhere.page.goto(elsewhere.url)
    elsewhere.sees_chat("Apuntes")


def test_a_row_of_tabs_shows_that_it_goes_on(desk: Desk):
    ana = desk.reader(width=390, height=844).register("Ana Gómez")
    ana.button("Tu cuenta y ajustes").click()
    row = ana.page.get_by_role("tablist", name="Ajustes")
    expect(row).to_have_css("mask-image", FADING_AFTER)
    row.get_by_role("tab").last.focus()
    row.evaluate("row => { row.scrollLeft = row.scrollWidth }")
    expect(row).not_to_have_css("mask-image", FADING_AFTER)


FADING_AFTER = re.compile(r"calc\(100% - 56px\)")

EVERYTHING = """async () => {
    const all = []
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => done(request.result)
        })
        for (const store of database.objectStoreNames)
            all.push(await new Promise((done) => {
                const request = database.transaction(store).objectStore(store).getAll()
                request.onsuccess = () => done(JSON.stringify(request.result))
            }))
    }
    return all
}"""


def test_who_is_blocked_is_on_the_list_until_let_go(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ben = desk.reader().register("Ben Ruiz")
    ana.found("Redes", ben)
    ana.button("Miembros").click()
    ana.page.get_by_role("button", name="Ben Ruiz @").click()
    ana.button("Bloquear").click()
    assert ana.flaws() == []
    question = ana.page.get_by_role("dialog", name="¿Bloquear a Ben Ruiz?")
    question.get_by_role("button", name="Bloquear").click()
    expect(ana.page.get_by_text("Bloqueaste a esta persona.")).to_be_visible()
    ana.page.keyboard.press("Escape")
    settings(ana, "Privacidad")
    ana.page.get_by_role("button", name="Desbloquear").click()
    expect(ana.page.get_by_text("No has bloqueado a nadie.")).to_be_visible()


def test_what_one_keeps_to_oneself_is_of_the_account(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    settings(ana, "Privacidad")
    assert ana.flaws() == []
    reading = ana.page.get_by_label("Mostrar hasta dónde he leído")
    reading.uncheck()
    expect(ana.page.get_by_text("Guardado.")).to_be_visible()
    me = Pen.login(ana.url, ana.username).call("GET", "/users/me")
    assert (me["hides_receipts"], me["hides_last_seen"]) == (True, False)
    ana.page.reload()
    ana.page.get_by_role("tab", name="Privacidad").click()
    expect(reading).not_to_be_checked()
    expect(ana.page.get_by_label("Mostrar cuándo estuve aquí")).to_be_checked()


def test_where_one_is_blocked_nobody_is_asked_to_write(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ben = desk.reader().register("Ben Ruiz")
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill(ben.username)
    ana.page.get_by_role("option", name=f"@{ben.username}").click()
    ana.button("Ajustes de la conversación").click()
    ana.button("Bloquear").click()
    question = ana.page.get_by_role("dialog", name="¿Bloquear a Ben Ruiz?")
    question.get_by_role("button", name="Bloquear").click()
    ana.page.keyboard.press("Escape")
    expect(ana.page.get_by_text("Bloqueaste a esta persona.")).to_be_visible()
    expect(ana.composer).to_have_count(0)
    assert ana.flaws() == []
    ana.button("Desbloquear").click()
    expect(ana.composer).to_be_visible()


def test_a_note_does_not_cover_what_it_speaks_of(desk: Desk):
    ana = desk.reader(width=390, height=844).register("Ana Gómez")
    ana.found("Redes")
    ana.button("Ajustes de la conversación").click()
    save = ana.button("Guardar")
    expect(save).to_have_attribute("aria-disabled", "true")
    idle = save.evaluate("node => getComputedStyle(node).backgroundColor")
    ana.page.get_by_label("Nombre").fill("Redes I")
    expect(save).not_to_have_css("background-color", idle)
    save.click()
    expect(ana.page.get_by_text("Guardado.")).to_be_visible()
    for name in ("Salir de la conversación", "Eliminar la conversación"):
        ana.button(name).click(trial=True)
    assert ana.flaws() == []


def test_a_conversation_is_saved_as_a_page(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ana.found("Redes")
    ana.write("para guardar")
    expect(ana.message("para guardar")).to_contain_text("Enviado")
    ana.button("Ajustes de la conversación").click()
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Guardar la conversación").click()
    assert "para guardar" in download.value.path().read_text()
