"""Searching in messages: from the list, by keys, narrowed, and without a network."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Desk
from tests.browser.luggage import Thing, drop
from tests.browser.people import Reader
from tests.media import pdf

pytestmark = pytest.mark.browser


@pytest.fixture
def ana(desk: Desk) -> Reader:
    """Ana, with two chats in which something was said."""
    reader = desk.reader().register("Ana Gómez")
    reader.found("Álgebra lineal")
    for text in ("La reunión es mañana", "Hubo dos reuniones este año", "Nada que ver"):
        reader.write(text)
    reader.found("Redes")
    expect(reader.page.get_by_role("textbox", name="Mensaje para Redes")).to_be_visible()
    reader.write("Apuntes de la reunión en https://example.edu")
    reader.indexed("reunion", 3)
    return reader


def hits(reader: Reader) -> Locator:
    return reader.window.get_by_role("option")


def test_what_was_said_is_found_and_opened(ana: Reader):
    field = ana.page.get_by_role("combobox", name="Buscar en los mensajes")
    ana.page.get_by_role("searchbox").fill("reunion")
    ana.page.get_by_role("button", name="Buscar «reunion» en los mensajes").click()
    expect(hits(ana)).to_have_count(3)
    expect(ana.window.get_by_role("status")).to_have_text("3 mensajes")
    assert sorted(ana.page.locator("mark").all_inner_texts()) == ["reuniones", "reunión", "reunión"]
    assert ana.flaws() == []
    ana.page.get_by_role("button", name="Con enlaces").click()
    expect(hits(ana)).to_have_count(1)
    ana.page.get_by_role("button", name="Con enlaces").click()
    field.fill("reuniones dos")
    expect(hits(ana)).to_contain_text(["Hubo dos reuniones este año"])
    expect(hits(ana)).to_have_count(1)
    field.press("Enter")
    expect(ana.page).to_have_url(re.compile("/c/[0-9a-f-]{36}/m/2$"))
    ana.sees("Hubo dos reuniones este año")
    ana.composer.focus()
    ana.page.keyboard.press("Control+Shift+F")
    expect(field).to_be_focused()
    ana.page.keyboard.press("Delete")
    ana.page.get_by_role("button", name="reuniones dos").click()
    expect(hits(ana)).to_have_count(1)


def test_a_file_that_is_found_by_its_name_is_shown(ana: Reader):
    drop(ana.page, Thing("Guía de redes.pdf", "application/pdf", pdf()))
    expect(ana.page.get_by_role("region", name="Archivos para enviar")).to_contain_text("Guía")
    ana.composer.fill("para la otra semana")
    ana.composer.press("Enter")
    expect(ana.message("para la otra semana")).to_contain_text("Enviado")
    ana.indexed("guia", 1)
    ana.search("guia")
    expect(ana.window.get_by_role("status")).to_have_text("1 mensaje")
    expect(hits(ana)).to_contain_text(["para la otra semana"])
    expect(hits(ana)).to_contain_text(["Guía de redes.pdf"])
    expect(hits(ana).locator("mark")).to_have_text(["Guía"])
    assert ana.flaws() == []


def test_back_from_a_hit_leads_to_what_was_found(ana: Reader):
    page = ana.page
    page.set_viewport_size({"width": 390, "height": 844})
    back = page.get_by_role("button", name="Volver")
    page.goto(ana.url)
    page.get_by_role("searchbox").fill("reunion")
    page.get_by_role("button", name="Buscar «reunion» en los mensajes").click()
    page.get_by_role("combobox").fill("reuniones")
    expect(hits(ana)).to_contain_text(["Hubo dos reuniones este año"])
    for leave in (page.go_back, back.click):
        hits(ana).first.click()
        ana.sees("Hubo dos reuniones este año")
        leave()
        expect(page.get_by_role("combobox")).to_have_value("reuniones")
        expect(hits(ana)).to_contain_text(["Hubo dos reuniones este año"])
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("reunion")


def test_the_switcher_leads_to_messages_too(ana: Reader):
    ana.page.keyboard.press("Control+k")
    ana.page.get_by_role("combobox").fill("nada que")
    expect(ana.page.get_by_role("option", name="nada que").first).to_be_visible()
    ana.page.keyboard.press("Enter")
    expect(hits(ana)).to_have_count(1)
    ana.page.get_by_role("button", name="En esta conversación").click()
    expect(ana.page.get_by_text("Ningún mensaje coincide.")).to_be_visible()


def test_what_is_too_long_to_look_for_says_so(ana: Reader):
    limit = "Se busca con 200 caracteres como máximo."
    ana.search("reunion")
    field = ana.window.get_by_role("combobox")
    expect(ana.window.get_by_text(limit)).to_have_count(0)
    field.clear()
    ana.page.keyboard.insert_text("reunion " * 1_000)
    expect(field).to_have_value(("reunion " * 1_000)[:200])
    expect(ana.window.get_by_role("alert")).to_have_text(limit)
    assert ana.flaws() == []
    ana.page.keyboard.press("Backspace")
    expect(ana.window.get_by_text(limit)).to_have_count(0)
    ana.page.keyboard.press("Escape")
    ana.button("Buscar en la conversación").click()
    find = ana.page.get_by_role("combobox", name="Buscar en la conversación")
    expect(find).to_be_focused()
    ana.page.keyboard.insert_text("reunion " * 1_000)
    expect(ana.page.get_by_text(limit)).to_be_visible()


def test_without_a_network_what_is_stored_is_searched(ana: Reader):
    ana.offline(yes=True)
    ana.search("reunion")
    expect(ana.page.get_by_text("Solo se buscó en lo guardado")).to_be_visible()
    expect(hits(ana).first).to_be_visible()
    # And all of it as soon as there is one again, though nobody types.
    ana.offline(yes=False)
    expect(ana.window.get_by_role("status")).to_have_text("3 mensajes")
