"""Whatever a message says, it is shown as text; whatever a disk gives back, the page comes up."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.payloads import ODDITIES, payloads
from tests.browser.pen import Pen
from tests.browser.people import Reader
from tests.browser.tomorrow import POLL, Tomorrow
from tests.server import Server

pytestmark = pytest.mark.browser

# Elements, for what stands above the fold; how long it takes is measured by `make bench-web`.
DRAWN_MOST = 4_000


def watch_alerts(page: Page) -> None:
    """From here on a payload that runs is noticed."""
    page.evaluate("() => { window.__fired = 0; window.alert = () => { window.__fired += 1 } }")


@pytest.fixture
def room(desk: Desk, server: Server) -> tuple[Reader, Pen, str]:
    """Ana at her browser, Beto's pen, and their group."""
    ana = desk.reader().register("Ana Gómez")
    beto = Pen.register(server.url)
    chat = beto.group("Redes", Pen.login(server.url, ana.username).user_id)
    ana.open("Redes")
    return ana, beto, chat


def test_three_hundred_payloads_are_text(room: tuple[Reader, Pen, str]):
    ana, beto, chat = room
    all_of_them = payloads()
    assert len(all_of_them) == 300
    watch_alerts(ana.page)
    for start in range(0, 300, 60):
        for text in all_of_them[start : start + 60]:
            beto.write(chat, text)
        last = beto.write(chat, f"lote {start}")
        ana.sees(f"lote {start}")
        ana.page.wait_for_timeout(50)
        assert last["n"] == start + start // 60 + 61
    assert ana.page.evaluate("window.__fired") == 0
    assert (
        ana.page.evaluate(
            "document.querySelectorAll('.timeline script, .timeline img, .timeline iframe').length"
        )
        == 0
    )
    hrefs = ana.page.evaluate("[...document.querySelectorAll('.timeline a')].map(a => a.protocol)")
    assert set(hrefs) <= {"http:", "https:", "mailto:"}


def test_every_field_takes_the_payloads(room: tuple[Reader, Pen, str]):
    ana, beto, _ = room
    watch_alerts(ana.page)
    for text in payloads()[::15]:
        line = text.replace("\n", " ")[:64]
        beto.call("PATCH", "/users/me", {"display_name": line, "about": text[:400]})
        title = line.strip() or "x"
        me = ana.page.evaluate("fetch('/api/v1/users/me').then(r => r.json())")["user_id"]
        beto.group(title, me)
        ana.composer.fill(text)
    ana.page.reload()
    expect(ana.composer).to_be_visible()
    assert ana.page.evaluate("window.__fired ?? 0") == 0


@pytest.mark.parametrize("name", sorted(ODDITIES))
def test_an_odd_message_is_shown(room: tuple[Reader, Pen, str], name: str):
    ana, beto, chat = room
    watch_alerts(ana.page)
    beto.write(chat, ODDITIES[name])
    beto.write(chat, "después")
    ana.sees("después")
    ana.page.wait_for_timeout(200)
    drawn: int = ana.page.evaluate("document.querySelectorAll('.timeline *').length")
    assert drawn <= DRAWN_MOST


UNKNOWN = "Este mensaje no se puede mostrar en esta versión."


def test_kinds_that_this_client_does_not_know_are_passed_over(desk: Desk, server: Server):
    ana = desk.reader()
    later = Tomorrow(ana.page.context)
    ana.register("Ana Gómez")
    beto, caro = Pen.register(server.url), Pen.register(server.url, "Carolina Díaz")
    anas_phone = Pen.login(server.url, ana.username)
    chat = beto.group("Redes", anas_phone.user_id, caro.user_id)
    ana.open("Redes")
    beto.write(chat, POLL)
    ana.sees(UNKNOWN)
    expect(ana.chat("Redes")).to_contain_text("Mensaje de otra clase")
    spoken = beto.write(chat, "después de la encuesta")
    ana.sees("después de la encuesta")
    beto.react(spoken, "👍")
    beto.call("PUT", f"/chats/{chat}/members/{caro.user_id}", {"role": "admin"})
    anas_phone.call("PUT", f"/chats/{chat}/draft", {"text": "desde el móvil", "version": 0})
    beto.write(chat, "después de todo")
    ana.sees("después de todo")
    ana.sees_notice("auditor")
    ana.write("yo también")
    expect(ana.message("yo también")).to_contain_text("Enviado")
    # Whatever is passed over has had its place in the log: nothing is asked for again.
    assert "sync" not in later.asked
    assert set(later.turned) == {"event", "user_event", "poll", "role"}

    # The same from the stored copy, and on a device that has none.
    ana.page.reload()
    for text in (UNKNOWN, "después de todo", "yo también"):
        ana.sees(text)
    other = desk.reader()
    Tomorrow(other.page.context)
    other.sign_in(ana).open("Redes")
    other.sees(UNKNOWN)
    other.button("Miembros").click()
    expect(other.window).to_contain_text("auditor")
    for reader in (ana, other):
        shown = reader.page.locator("body").inner_text()
        assert "undefined" not in shown
        assert "[object" not in shown


@pytest.mark.parametrize("damage", ["form", "rows", "gone"])
def test_a_damaged_database_is_made_anew_and_what_was_not_sent_is_sent(
    room: tuple[Reader, Pen, str], damage: str
):
    ana, beto, chat = room
    beto.write(chat, "ya estaba")
    ana.sees("ya estaba")
    ana.page.wait_for_timeout(400)
    ana.offline(yes=True)
    # The socket outlives the network for as long as the page takes to ask.
    expect(ana.page.get_by_text("Sin conexión.")).to_be_visible()
    ana.write("sin enviar")
    ana.page.goto("about:blank")
    ana.offline(yes=False)
    ana.page.goto(f"{ana.url}/offline.html")
    ana.page.evaluate(DAMAGE[damage])
    ana.page.goto(f"{ana.url}/c/{chat}")
    ana.sees("ya estaba")
    if damage != "gone":
        expect(ana.message("sin enviar")).to_contain_text("Enviado")
    found: list[dict[str, Any]] = beto.call("GET", f"/chats/{chat}/messages")["messages"]
    texts = [message["body"]["text"] for message in found]
    # Without its database the page still has what its journal kept until that was stored.
    assert texts.count("sin enviar") in ({0, 1} if damage == "gone" else {1}), json.dumps(texts)


DAMAGE = {
    # Another version of the database, without one of its stores.
    "form": """() => new Promise((done, failed) => {
      const request = indexedDB.open('uptc-messenger', 99);
      request.onupgradeneeded = () => request.result.deleteObjectStore('chats');
      request.onsuccess = () => { request.result.close(); done() };
      request.onerror = failed })""",
    # Rows that are no rows.
    "rows": """() => new Promise((done, failed) => {
      const request = indexedDB.open('uptc-messenger');
      request.onsuccess = () => {
        const change = request.result.transaction(['chats', 'messages', 'windows'], 'readwrite');
        change.objectStore('chats').put({chat_id: 'x', seq: 'nine'});
        change.objectStore('windows').put({chat_id: 'x'});
        change.objectStore('messages').put({chat_id: 'x', seq: 1, body: 7});
        change.oncomplete = () => { request.result.close(); done() }; change.onerror = failed };
      request.onerror = failed })""",
    # Nothing says who was here, while the cookie still does.
    "gone": """() => new Promise((done, failed) => {
      const request = indexedDB.open('uptc-messenger', 99);
      request.onupgradeneeded = () => request.result.deleteObjectStore('meta');
      request.onsuccess = () => { request.result.close(); done() };
      request.onerror = failed })""",
}


def test_no_character_turns_others_round(room: tuple[Reader, Pen, str]):
    ana, beto, chat = room
    beto.write(chat, "factura\u202egpj.exe y `a\u2066b` y **\u2067100 - 20**")
    ana.sees("facturagpj.exe y ab y 100 - 20")
    beto.write(chat, "\u0645\u0631\u062d\u0628\u0627 1234")
    arabic = ana.message("1234").locator(".bubble p")
    expect(arabic).to_have_css("direction", "rtl")
    expect(arabic).to_have_css("unicode-bidi", "isolate")
    expect(ana.page.get_by_role("link", name="Redes").locator("bdi")).to_have_text(
        "\u0645\u0631\u062d\u0628\u0627 1234"
    )
    beto.write(chat, "- \u0623\u0648\u0644\n- \u062b\u0627\u0646")
    expect(ana.timeline.locator(".bubble ul")).to_have_css("direction", "rtl")
    assert "\u202e" not in ana.page.locator("body").inner_text()
