"""Who comes and goes at one browser, and what a page does while nobody answers."""

import pytest
from playwright.sync_api import Request, expect

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
    expect(ana.message("en cola")).to_have_count(1)
    (chat,) = mine.call("GET", "/chats")["chats"]
    said = mine.call("GET", f"/chats/{chat['chat_id']}/messages")["messages"]
    expect(ana.page.get_by_text("Enviando…")).to_have_count(0)
    assert [message["body"]["text"] for message in said] == ["en cola"]


def test_a_short_conversation_without_a_server_asks_once_for_what_is_older(desk: Desk):
    ana = desk.reader(width=390, height=844).register("Ana Gómez")
    ana.found("Corta")
    ana.write("uno")
    ana.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    ana.page.wait_for_timeout(400)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "before_seq" in request.url:
            asked.append(request.url)

    ana.page.on("request", note)
    ana.page.context.set_offline(True)
    ana.page.reload()
    ana.sees("uno")
    ana.page.wait_for_timeout(1_500)
    assert len(asked) <= 2
