"""Who comes and goes at one browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.pen import Pen
from tests.server import Server

pytestmark = pytest.mark.browser


def test_what_one_left_unsent_waits_while_another_is_here(desk: Desk, server: Server):
    beto = desk.reader().register("Beto Ríos")
    ana = desk.reader().register("Ana Gómez")
    ana.found("Redes")
    mine = Pen.login(server.url, ana.username)
    ana.offline(yes=True)
    expect(ana.page.get_by_text("Sin conexión.")).to_be_visible()
    ana.write("en cola")
    ana.page.context.clear_cookies()
    ana.offline(yes=False)
    expect(ana.page.locator("input[name=password]")).to_be_visible()
    guest = desk.reader()
    guest.page = ana.page
    guest.sign_in(beto)
    expect(guest.button("Nueva conversación").first).to_be_visible()
    expect(guest.page.get_by_text("en cola")).to_have_count(0)
    guest.page.context.clear_cookies()
    ana.sign_in(ana)
    ana.open("Redes")
    expect(ana.message("en cola")).to_contain_text("Enviado")
    expect(ana.message("en cola")).to_have_count(1)
    (chat,) = mine.call("GET", "/chats")["chats"]
    said = mine.call("GET", f"/chats/{chat['chat_id']}/messages")["messages"]
    assert [message["body"]["text"] for message in said] == ["en cola"]
    # What was asked between the end of the cookie and its refusal.
    desk.forgive("401 (Unauthorized)")


def test_who_was_removed_keeps_what_they_could_not_send(desk: Desk, server: Server):
    ana = Pen.register(server.url, "Ana Gómez")
    beto = desk.reader(width=390, height=844).register("Beto Ríos")
    mine = Pen.login(server.url, beto.username)
    redes = ana.group("Redes", mine.user_id)
    beto.open("Redes")
    beto.offline(yes=True)
    beto.write("pendiente para el grupo")
    expect(beto.message("pendiente para el grupo")).to_contain_text("En espera")
    beto.composer.fill("y algo a medias")
    ana.call("DELETE", f"/chats/{redes}/members/{mine.user_id}")
    beto.offline(yes=False)
    expect(beto.page.get_by_text("Ya no estás en «Redes».")).to_be_visible()
    words = beto.page.locator(".gone li")
    expect(words).to_contain_text(["pendiente para el grupo", "y algo a medias"])
    assert beto.flaws() == []
    beto.page.reload()
    expect(words).to_contain_text(["pendiente para el grupo", "y algo a medias"])
    beto.button("Volver").click()
    beto.page.get_by_role("link", name="Sin enviar en «Redes»").click()
    beto.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    words.first.get_by_role("button", name="Copiar").click()
    expect(beto.page.get_by_text("Copiado.")).to_be_visible()
    assert beto.page.evaluate("navigator.clipboard.readText()") == "pendiente para el grupo"
    beto.button("Descartar").click()
    expect(words).to_have_count(0)
    beto.button("Deshacer").click()
    expect(words).to_have_text(["pendiente para el grupo\n\ny algo a medias Copiar"])
    beto.button("Descartar").click()
    expect(words).to_have_count(0)
    beto.button("Volver").click()
    expect(beto.page.get_by_role("link", name="Sin enviar en «Redes»")).to_have_count(0)
    # What the open conversation asked for before it heard that it is gone.
    desk.forgive("404 (Not Found)")
