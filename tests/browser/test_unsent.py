"""What one was writing where one may not write any more."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.people import until
from tests.browser.room import Room
from tests.server import Server

pytestmark = pytest.mark.browser
COPIED = "async (text) => (await navigator.clipboard.readText()) === text"


def test_a_draft_where_one_may_not_write_is_shown_copied_and_discarded(desk: Desk, server: Server):
    room = Room(desk, server)
    room.beto.write(room.chat, "lo último")
    ana = room.enter()
    ana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ana.composer.fill("a medias")
    expect(ana.chat("Redes")).to_contain_text("Borrador: a medias")
    room.beto.call("PATCH", f"/chats/{room.chat}", {"settings": {"post": "admins"}})
    expect(ana.composer).to_have_count(0)
    expect(ana.chat("Redes")).not_to_contain_text("Borrador")
    expect(ana.chat("Redes")).to_contain_text("Beto Ríos")
    unsent = ana.page.get_by_role("region", name="No llegaste a enviar")
    expect(unsent).to_contain_text("a medias")
    assert ana.flaws() == []
    unsent.get_by_role("button", name="Copiar").click()
    until(ana.page, COPIED, "a medias")
    unsent.get_by_role("button", name="Descartar").click()
    expect(unsent).to_have_count(0)
    ana.button("Deshacer").click()
    expect(unsent).to_contain_text("a medias")
    unsent.get_by_role("button", name="Descartar").click()
    expect(unsent).to_have_count(0)
    # It is gone for good: also where one may write again.
    room.beto.call("PATCH", f"/chats/{room.chat}", {"settings": {"post": "members"}})
    expect(ana.composer).to_have_value("")
    expect(ana.chat("Redes")).not_to_contain_text("Borrador")
