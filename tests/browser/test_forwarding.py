"""Saving messages for oneself, and sending to other conversations what was written in one."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.room import Room, choose
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    """With another conversation to send things to."""
    made = Room(desk, server)
    made.beto.group("Compiladores", made.mine.user_id)
    return made


def test_a_message_is_saved_found_again_and_leads_back(room: Room):
    room.beto.write(room.chat, "El parcial es el **viernes**")
    ana = room.enter()
    choose(ana, "El parcial", "Guardar")
    ana.open("Mensajes guardados")
    copy = ana.message("El parcial es el viernes")
    expect(copy).to_contain_text("Reenviado de Beto Ríos")
    assert ana.flaws() == []
    ana.write("y una nota mía")
    expect(ana.message("y una nota mía")).not_to_contain_text("Reenviado")
    copy.get_by_text("Reenviado de Beto Ríos").click()
    expect(ana.page.get_by_role("heading", name="Redes")).to_be_visible()
    ana.sees("El parcial es el viernes")
    ana.button("Nueva conversación").first.click()
    ana.page.get_by_role("button", name="Mensajes guardados Notas").click()
    ana.sees("y una nota mía")


def test_several_are_forwarded_to_several_in_their_order(room: Room):
    for text in ("primero", "segundo", "tercero"):
        room.beto.write(room.chat, text)
    ana = room.enter()
    ana.sees("tercero")
    choose(ana, "tercero", "Seleccionar")
    ana.message("primero").get_by_role("checkbox").click()
    ana.button("Reenviar").click()
    window = ana.window
    expect(window.get_by_role("heading")).to_have_text("Reenviar 2 mensajes")
    # The window is an entry of the history: it stands again before its messages are at hand.
    ana.page.reload()
    expect(window.get_by_role("heading")).to_have_text("Reenviar 2 mensajes")
    assert ana.flaws() == []
    window.get_by_role("searchbox").fill("compila")
    window.get_by_role("checkbox", name="Compiladores").check()
    window.get_by_role("searchbox").fill("")
    window.get_by_role("checkbox", name="Mensajes guardados").check()
    window.get_by_role("button", name="Reenviar a 2").click()
    for title in ("Compiladores", "Mensajes guardados"):
        ana.open(title)
        ana.sees("tercero")
        assert ana.said() == ["primero", "tercero"]


def test_what_is_forwarded_without_a_network_arrives_when_it_is_back(room: Room):
    room.beto.write(room.chat, "para después")
    room.ana.open("Compiladores")
    ana = room.enter()
    choose(ana, "para después", "Reenviar")
    expect(ana.window).to_be_visible()
    ana.offline(yes=True)
    expect(ana.page.get_by_text("Sin conexión.")).to_be_visible()
    ana.window.get_by_role("checkbox", name="Compiladores").check()
    ana.window.get_by_role("button", name="Reenviar", exact=True).click()
    soon = "Se reenviará a Compiladores cuando haya conexión."
    expect(ana.page.get_by_text(soon)).to_be_visible()
    ana.open("Compiladores")
    expect(ana.message("para después")).to_contain_text("Reenviado de Beto Ríos")
    ana.offline(yes=False)
    expect(ana.message("para después")).to_contain_text("Enviado")


def test_who_may_not_read_it_there_is_told_no_more_than_that(room: Room, desk: Desk):
    secret = room.beto.write(room.beto.group("Secreto"), "lo de dentro")
    room.beto.forward(secret, room.chat)
    ana = room.enter()
    ana.message("lo de dentro").get_by_text("Reenviado de Beto Ríos").click()
    expect(ana.page.get_by_text("Ese mensaje ya no está a tu alcance.")).to_be_visible()
    desk.forgive("404")
