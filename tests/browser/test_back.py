"""What Back on a phone ends before it leaves the conversation."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.people import Reader
from tests.browser.room import Room, choose
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(desk: Desk, server: Server) -> Reader:
    room = Room(desk, server)
    room.ana.page.set_viewport_size({"width": 390, "height": 844})
    return room.enter()


def leaves(reader: Reader) -> None:
    """The next Back leads to the list, as ever."""
    reader.page.go_back()
    expect(reader.chat("Redes")).to_be_visible()
    expect(reader.page).not_to_have_url(re.compile("/c/"))


def test_back_ends_the_search_in_the_conversation(ana: Reader):
    ana.write("se queda")
    ana.button("Buscar en la conversación").click()
    field = ana.page.get_by_role("combobox", name="Buscar en la conversación")
    expect(field).to_be_focused()
    # A window that is opened over it goes first.
    ana.button("Ajustes de la conversación").click()
    expect(ana.window).to_be_visible()
    ana.page.go_back()
    expect(ana.window).to_have_count(0)
    expect(field).to_be_visible()
    ana.page.go_back()
    expect(field).to_have_count(0)
    expect(ana.message("se queda")).to_be_visible()
    leaves(ana)


def test_the_arrow_of_the_page_leaves_whatever_one_was_at(ana: Reader):
    ana.button("Buscar en la conversación").click()
    field = ana.page.get_by_role("combobox", name="Buscar en la conversación")
    expect(field).to_be_focused()
    ana.button("Volver").click()
    expect(ana.chat("Redes")).to_be_visible()


def test_back_ends_a_selection(ana: Reader):
    ana.write("se queda")
    choose(ana, "se queda", "Seleccionar")
    bar = ana.page.get_by_role("toolbar", name="Selección")
    expect(bar).to_be_visible()
    ana.page.go_back()
    expect(bar).to_have_count(0)
    expect(ana.message("se queda")).to_be_visible()
    leaves(ana)


def test_back_ends_an_edit_and_a_reply_as_their_crosses_do(ana: Reader):
    ana.write("se queda")
    ana.composer.fill("a medias")
    choose(ana, "se queda", "Editar")
    expect(ana.composer).to_have_value("se queda")
    ana.page.go_back()
    expect(ana.composer).to_have_value("a medias")
    choose(ana, "se queda", "Responder")
    cross = ana.button("Quitar la respuesta")
    expect(cross).to_be_visible()
    ana.page.go_back()
    expect(cross).to_have_count(0)
    expect(ana.composer).to_have_value("a medias")
    leaves(ana)
