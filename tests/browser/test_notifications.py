"""How one wants to be told, and what the worker does with what a push service hands it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.browser.people import Reader
from tests.server import Server

pytestmark = pytest.mark.browser
SHOWN = """async () => {
    const worker = await navigator.serviceWorker.ready
    const notes = await worker.getNotifications()
    return notes.map(({ title, body, tag, silent, data }) => ({ title, body, tag, silent, data }))
}"""
PRESSED = """async ([tag, action, reply]) => {
    const [notification] = await self.registration.getNotifications({ tag })
    const event = new NotificationEvent('notificationclick', { notification, action, reply })
    self.dispatchEvent(event)
}"""


class PushedBrowser:
    """Hands pushes to the worker of a page, as the browser's push service does."""

    def __init__(self, reader: Reader) -> None:
        self.page: Page = reader.page
        self.page.context.grant_permissions(["notifications"], origin=reader.url)
        self.page.wait_for_function("Notification.permission === 'granted'")
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        self._origin = reader.url
        self._registrations: list[str] = []
        self._cdp: Any = self.page.context.new_cdp_session(self.page)
        self._cdp.on("ServiceWorker.workerRegistrationUpdated", self._learn)
        self._cdp.send("ServiceWorker.enable")

    def _learn(self, told: dict[str, Any]) -> None:
        self._registrations += [one["registrationId"] for one in told["registrations"]]

    def push(self, **said: Any) -> None:
        for _ in range(200):
            if self._registrations:
                break
            self.page.wait_for_timeout(50)
        else:
            pytest.fail("the browser tells of no worker")
        self._cdp.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self._origin,
                "registrationId": self._registrations[-1],
                "data": json.dumps({"v": 1, **said}),
            },
        )

    def tell(self, chat: str, seq: int, text: str, **more: Any) -> None:
        plain = {"count": 1, "title": None, "sender": "Luis", "locale": "es", "call": True}
        said = {"chat_id": chat, "seq": seq, "n": seq, "quiet": False, "text": text}
        self.push(kind="message", **plain | said | more)

    def shown(self, count: int) -> list[dict[str, Any]]:
        """What is on the screen, once there are so many."""
        return self.until(lambda found: len(found) == count)

    def until(self, done: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """What is on the screen, once it is what is waited for."""
        # A predicate that answers with a promise is not waited for by the page.
        found: list[dict[str, Any]] = []
        for _ in range(400):
            found = self.page.evaluate(SHOWN)
            if done(found):
                return found
            self.page.wait_for_timeout(50)
        pytest.fail(f"the screen shows something else: {found}")

    def press(self, tag: str, action: str = "", reply: str | None = None) -> None:
        workers = self.page.context.service_workers
        worker = workers[0] if workers else self.page.context.wait_for_event("serviceworker")
        worker.evaluate(PRESSED, [tag, action, reply])


def settings(reader: Reader) -> Page:
    reader.button("Tu cuenta y ajustes").click()
    reader.page.get_by_role("tab", name="Notificaciones").click()
    expect(reader.page.get_by_label("Menciones y mensajes directos")).to_be_visible()
    return reader.page


@pytest.fixture
def ana(desk: Desk) -> Reader:
    return desk.reader().register("Ana Gómez")


def test_wishes_are_kept_and_other_devices_hear_of_them(desk: Desk, ana: Reader):
    page = settings(ana)
    other = settings(desk.reader().sign_in(ana))
    page.get_by_label("Menciones y mensajes directos").check()
    expect(other.get_by_label("Menciones y mensajes directos")).to_be_checked()
    page.get_by_label("Palabras clave").fill("parcial, sistemas distribuidos")
    page.get_by_role("button", name="Guardar").click()
    expect(other.get_by_label("Palabras clave")).to_have_value("parcial, sistemas distribuidos")
    page.get_by_label("Horas de silencio").check()
    page.get_by_label("Hasta").fill("07:15")
    page.get_by_label("Hasta").blur()
    expect(other.get_by_label("Hasta")).to_have_value("07:15")
    page.get_by_role("button", name="8 horas").click()
    expect(page.get_by_text("Todo en pausa hasta")).to_be_visible()
    expect(page.get_by_text("Ahora no suena nada")).to_be_visible()
    page.get_by_role("button", name="Reanudar").click()
    expect(other.get_by_role("button", name="8 horas")).to_be_visible()
    assert ana.flaws() == []


def test_keywords_that_are_too_long_are_marked_before_they_are_sent(ana: Reader):
    page = settings(ana)
    field = page.get_by_label("Palabras clave")
    field.fill(f"parcial, {'x' * 61}")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("60 caracteres como mucho")).to_be_visible()
    assert ana.flaws() == []
    # A request that is refused would be an error of the console.
    page.get_by_role("button", name="Guardar").click()
    expect(field).to_be_focused()
    field.fill("parcial")
    expect(field).to_have_attribute("aria-invalid", "false")
    page.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado.")).to_be_visible()


def test_where_push_does_not_work_all_of_the_page_says_so(desk: Desk, ana: Reader):
    # A private window has none, and says so.
    desk.forgive("Push API")
    ana.page.context.grant_permissions(["notifications"], origin=ana.url)
    ana.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page = settings(ana)
    ana.button("Activar en este dispositivo").click()
    expect(page.get_by_text("Activadas en este dispositivo, con la aplicación")).to_be_visible()
    health = page.get_by_role("region", name="Estado")
    expect(health).to_contain_text("los avisos llegan solo con la aplicación abierta.")
    expect(health).not_to_contain_text("actívalo arriba")
    ana.button("Desactivar en este dispositivo").click()
    expect(health).to_contain_text("actívalo arriba")
    expect(ana.button("Activar en este dispositivo")).to_be_visible()


def test_one_note_for_each_chat_that_rings_once_and_goes_when_it_is_read(ana: Reader):
    browser = PushedBrowser(ana)
    chat = "01a21650-6962-7e59-bf90-586c958ec39d"
    browser.push(kind="call", chat_id=chat)
    browser.tell(chat, 3, "¿vienes?")
    (note,) = browser.shown(1)
    assert (note["title"], note["body"], note["silent"]) == ("Luis", "¿vienes?", False)
    assert note["data"]["path"] == f"/c/{chat}/m/3"
    browser.tell(chat, 3, "¿vienes?")
    browser.tell("01a21650-6962-7e59-bf90-586c958ec39e", 1, "hola", title="Redes", count=2)
    notes = {note["tag"]: note for note in browser.shown(2)}
    assert notes[chat]["silent"], "the same again makes no sound"
    browser.push(kind="read", chat_id=chat, locale="es")
    (left,) = browser.shown(1)
    assert (left["title"], left["body"]) == ("Redes (2)", "Luis: hola")


def group(server: Server, ana: Reader) -> tuple[Pen, str]:
    """Luis has founded a group with Ana, who looks at the list of her chats."""
    luis = Pen.register(server.url, "Luis Ruiz")
    mine = Pen.login(server.url, ana.username)
    return luis, luis.group("Redes", mine.user_id)


def said(ana: Reader, luis: Pen, chat: str, text: str) -> None:
    """Something that Ana has not read, and her page knows it."""
    luis.write(chat, text)
    expect(ana.page.get_by_text(text)).to_be_visible()


def test_a_note_opens_its_message_and_is_answered(server: Server, ana: Reader):
    luis, chat = group(server, ana)
    said(ana, luis, chat, "primera")
    browser = PushedBrowser(ana)
    browser.tell(chat, 1, "primera")
    browser.shown(1)
    browser.press(chat)
    expect(ana.page).to_have_url(f"{ana.url}/c/{chat}/m/1")
    ana.page.goto(ana.url)
    said(ana, luis, chat, "segunda")
    browser.tell(chat, 2, "segunda")
    browser.shown(1)
    browser.press(chat, "reply", "voy en camino")
    ana.page.goto(f"{ana.url}/c/{chat}")
    ana.sees("voy en camino")


def test_a_reply_that_cannot_be_sent_is_not_lost(server: Server, ana: Reader):
    luis, chat = group(server, ana)
    said(ana, luis, chat, "primera")
    browser = PushedBrowser(ana)
    browser.tell(chat, 1, "primera")
    browser.shown(1)
    ana.offline(yes=True)
    browser.press(chat, "reply", "voy en camino")
    browser.until(lambda found: any("voy en camino" in note["body"] for note in found))
    browser.press(chat)
    expect(ana.composer).to_have_value("voy en camino")


# A browser that has not been asked, and that counts how often it is asked and how often it sounds.
COUNTING = """
  window.asked = window.sounds = 0
  let allowed = 'default'
  Object.defineProperty(Notification, 'permission', { get: () => allowed })
  Notification.requestPermission = () => {
    window.asked += 1
    return Promise.resolve(allowed = 'granted')
  }
  const start = AudioScheduledSourceNode.prototype.start
  AudioScheduledSourceNode.prototype.start = function (...at) {
    window.sounds += 1
    return start.apply(this, at)
  }"""
LOOKING = """where => {
  document.hasFocus = () => where === 'here'
  const state = where === 'away' ? 'hidden' : 'visible'
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
  document.dispatchEvent(new Event('visibilitychange'))
}"""


def test_who_missed_something_is_asked_once_whether_to_be_told(desk: Desk, server: Server):
    ana = desk.reader()
    ana.page.add_init_script(COUNTING)
    ana.register("Ana Gómez")
    luis, chat = group(server, ana)
    offer = ana.page.get_by_role("region", name="¿Quieres que te avisemos")
    said(ana, luis, chat, "uno")
    ana.page.evaluate(LOOKING, "away")
    expect(offer).to_have_count(0)
    said(ana, luis, chat, "dos")
    ana.page.evaluate(LOOKING, "here")
    expect(offer).to_be_visible()
    assert ana.flaws() == []
    assert ana.page.evaluate("asked") == 0, "the browser asks only after a press"
    offer.get_by_role("button", name="Ahora no").click()
    expect(offer).to_have_count(0)
    ana.page.reload()
    ana.page.evaluate(LOOKING, "away")
    said(ana, luis, chat, "tres")
    ana.page.evaluate(LOOKING, "here")
    expect(ana.chat("Redes")).to_contain_text("tres")
    expect(offer).to_have_count(0)

    # Somebody else's device, whose person says yes.
    ana.page.evaluate("() => localStorage.removeItem('notify-offer')")
    ana.page.evaluate(LOOKING, "away")
    said(ana, luis, chat, "cuatro")
    ana.page.evaluate(LOOKING, "here")
    offer.get_by_role("button", name="Activar avisos").click()
    expect(offer).to_have_count(0)
    assert ana.page.evaluate("asked") == 1
    desk.forgive("incognito")


def test_a_message_sounds_where_nobody_looks_if_that_is_wanted(desk: Desk, server: Server):
    ana = desk.reader()
    ana.page.add_init_script(COUNTING)
    ana.register("Ana Gómez")
    luis, chat = group(server, ana)
    ana.page.evaluate(LOOKING, "here")
    said(ana, luis, chat, "uno")
    assert ana.page.evaluate("sounds") == 0
    # The focused page claims the moment for all tabs.
    ana.page.wait_for_function("() => localStorage.getItem('rang-at') !== null")
    ana.page.evaluate("() => localStorage.removeItem('rang-at')")
    ana.page.evaluate(LOOKING, "elsewhere")
    said(ana, luis, chat, "dos")
    ana.page.wait_for_function("() => sounds === 2")

    page = settings(ana)
    sound = page.get_by_role("checkbox", name="Sonido cuando llega un mensaje")
    expect(sound).to_be_checked()
    page.get_by_role("button", name="8 horas").click()
    expect(page.get_by_text("Todo en pausa hasta")).to_be_visible()
    ana.page.evaluate("() => localStorage.removeItem('rang-at')")
    luis.write(chat, "en pausa")
    expect(ana.page.get_by_text("en pausa", exact=True)).to_be_visible()
    page.get_by_role("button", name="Reanudar").click()
    expect(page.get_by_role("button", name="8 horas")).to_be_visible()
    sound.uncheck()
    luis.write(chat, "sin sonido")
    expect(ana.page.get_by_text("sin sonido")).to_be_visible()
    # Turned on again it lets itself be heard: that alone is new.
    sound.check()
    ana.page.wait_for_function("() => sounds === 4")
