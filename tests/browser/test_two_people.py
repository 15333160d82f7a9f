"""Two people, two browsers, one conversation; one of them loses the network."""

import json

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.conftest import Desk
from tests.browser.people import Reader

pytestmark = pytest.mark.browser


@pytest.fixture
def couple(desk: Desk) -> tuple[Reader, Reader]:
    """Ana at a laptop, Ben at a phone in the dark, in one group that Ana made."""
    ana = desk.reader().register("Ana Gómez")
    ben = desk.reader(width=390, height=844, dark=True).register("Benjamín Núñez")
    ana.found("Sistemas distribuidos", ben)
    ben.open("Sistemas distribuidos")
    return ana, ben


def test_they_talk(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ana.write("¿Quién trae el informe?")
    ben.sees("¿Quién trae el informe?")
    ben.write("Yo lo traigo")
    ana.sees("Yo lo traigo")
    assert ana.said() == ben.said() == ["¿Quién trae el informe?", "Yo lo traigo"]


def test_a_reply_quotes_and_an_edit_arrives(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ben.write("Nos vemos a las ocho")
    ana.sees("Nos vemos a las ocho")
    question = ana.message("Nos vemos a las ocho")
    question.hover()
    question.get_by_role("button", name="Responder", exact=True).click()
    ana.write("Mejor a las nueve")
    expect(ben.message("Mejor a las nueve")).to_contain_text("Nos vemos a las ocho")

    ana.composer.press("ArrowUp")
    expect(ana.composer).to_have_value("Mejor a las nueve")
    ana.write("Mejor a las diez")
    ben.sees("Mejor a las diez")
    expect(ben.message("Mejor a las diez")).to_contain_text("editado")


def test_a_reaction_is_seen_by_both(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ben.write("Aprobamos")
    ana.sees("Aprobamos")
    news = ana.message("Aprobamos")
    news.hover()
    news.get_by_role("button", name="Reaccionar", exact=True).click()
    ana.page.get_by_role("menuitem", name="Reaccionar con 👍").click()
    expect(ben.message("Aprobamos").get_by_role("button", name="👍, 1 persona")).to_be_visible()
    expect(news.get_by_role("button", pressed=True)).to_be_visible()


def test_one_goes_offline_and_both_end_equal(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ana.write("uno")
    ben.sees("uno")
    ben.offline(yes=True)
    ana.write("dos, mientras Ben no está")
    ben.write("tres, escrito sin red")
    expect(ana.message("tres, escrito sin red")).to_have_count(0)
    ana.write("cuatro")
    ben.offline(yes=False)
    ben.sees("cuatro")
    ana.sees("tres, escrito sin red")
    assert ana.said() == ben.said()
    assert sorted(ana.said()) == [
        "cuatro",
        "dos, mientras Ben no está",
        "tres, escrito sin red",
        "uno",
    ]


def test_what_was_written_offline_survives_a_reload(couple: tuple[Reader, Reader]):
    ana, ben = couple
    ben.write("antes")
    ben.offline(yes=True)
    ben.write("escrito en el bus")
    ben.composer.fill("un borrador")
    ben.offline(yes=False)
    ben.page.reload()
    expect(ben.composer).to_have_value("un borrador")
    ana.sees("escrito en el bus")
    expect(ana.message("escrito en el bus")).to_have_count(1)
    ben.sees("escrito en el bus")
    assert ana.said() == ben.said()


def test_who_follows_an_invitation_is_in(desk: Desk):
    ana = desk.reader(language="es-CO").register("Ana Gómez")
    ana.found("Redes")
    ana.button("Miembros").click()
    ana.button("Invitar con enlace").click()
    ana.button("Crear enlace").click()
    link = ana.page.get_by_label("Enlace de invitación").input_value()
    carla = desk.reader(width=390, height=844).join(link, "Carla Peña")
    carla.write("Ya entré")
    ana.page.keyboard.press("Escape")
    ana.page.keyboard.press("Escape")
    ana.sees("Ya entré")


@pytest.mark.parametrize("language", ["es-CO", "en-US"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_screen_has_a_flaw_that_axe_knows(desk: Desk, language: str, width: int, *, dark: bool):
    reader = desk.reader(width=width, dark=dark, language=language)
    reader.page.goto(reader.url)
    expect(reader.page.locator("input[name=username]")).to_be_visible()
    assert reader.flaws() == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_conversation_has_no_flaw_that_axe_knows(desk: Desk, *, dark: bool):
    ana = desk.reader(dark=dark).register("Ana Gómez")
    assert ana.flaws() == []
    ana.found("Álgebra")
    ana.write("Hola a todos, miren https://example.org")
    assert ana.flaws() == []
    ana.button("Miembros").click()
    assert ana.flaws() == []


def test_what_the_server_cannot_save_says_why_and_is_sent_by_itself(desk: Desk):
    ana = desk.reader()
    disk = FullDisk()
    ana.page.route_web_socket("**/api/v1/ws", disk.between)
    ana.register("Ana Gómez")
    ana.found("Entregas")
    disk.full = True
    ana.write("¿Llega esto?")
    expect(ana.message("¿Llega esto?")).to_contain_text("el disco del servidor está lleno")
    disk.full = False
    expect(ana.message("¿Llega esto?")).not_to_contain_text("En espera")
    expect(ana.message("¿Llega esto?")).not_to_contain_text("Enviando")
    ana.page.reload()
    ana.sees("¿Llega esto?")


class FullDisk:
    """Answers every message as a server does whose disk is full, as long as it is."""

    def __init__(self) -> None:
        self.full = False

    def between(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def forward(frame: str | bytes) -> None:
            told = json.loads(frame)
            if not (self.full and told["type"] == "message.send"):
                server.send(frame)
                return
            refusal = {
                "type": "error",
                "ref": told["id"],
                "code": "unavailable",
                "message": "The disk is full.",
                "retryable": True,
                "details": {"reason": "disk_full"},
            }
            page.send(json.dumps(refusal))

        page.on_message(forward)
