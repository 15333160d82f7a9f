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
