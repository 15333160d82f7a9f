"""Pictures made smaller, fetched when they are asked for; films; pictures of chats."""

import io
import re
import shutil

import pytest
from PIL import Image
from playwright.sync_api import Request, expect

from tests.browser.conftest import Desk
from tests.browser.luggage import Thing, drop, film, photos
from tests.browser.people import drawn, until
from tests.browser.room import Room
from tests.browser.test_files import pictures, tray
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def room(desk: Desk, server: Server) -> Room:
    return Room(desk, server)


PLAYED = """film => film.videoWidth === 320
  && film.play().then(() => film.ended || film.currentTime > 0, () => false)"""


def detailed() -> Thing:
    """A photo of more than anybody needs on a screen."""
    file = io.BytesIO()
    Image.effect_noise((2600, 1400), 60).convert("RGB").save(file, "JPEG", quality=90)
    return Thing("sala.jpg", "image/jpeg", file.getvalue())


def test_photos_are_made_smaller_before_they_go(room: Room):
    ana = room.enter()
    big = detailed()
    drop(ana.page, big)
    box = tray(ana).get_by_role("checkbox", name="Reducir las fotos")
    box.check()
    expect(tray(ana)).to_contain_text(re.compile(r"De [\d,]+ MB a [\d,]+ [kM]B"))
    # And back: what was chosen is at hand until it is sent.
    box.uncheck()
    expect(tray(ana)).not_to_contain_text(re.compile(r"De [\d,]+ MB"))
    box.check()
    expect(tray(ana)).to_contain_text(re.compile(r"De [\d,]+ MB a"))
    assert ana.flaws() == []
    ana.composer.fill("la sala")
    ana.composer.press("Enter")
    expect(ana.message("la sala")).to_contain_text("Enviado")
    [message] = room.mine.call("GET", f"/chats/{room.chat}/messages?limit=10")["messages"]
    [file] = message["files"]
    assert max(file["width"], file["height"]) == 2048
    assert file["size"] < len(big.content) * 0.9


def test_who_saves_data_fetches_what_is_tapped(room: Room):
    ana = room.enter()
    drop(ana.page, *photos(1))
    expect(tray(ana).get_by_role("listitem")).to_have_count(1)
    ana.composer.press("Enter")
    expect(ana.timeline).to_contain_text("Enviado")

    other = room.another()
    other.page.evaluate("() => localStorage.setItem('pictures', 'tap')")
    asked: list[str] = []

    def note(request: Request) -> None:
        if re.search(r"/files/[^/]+/(variants|content)", request.url):
            asked.append(request.url)

    other.page.on("request", note)
    other.page.reload()
    other.open("Redes")
    tile = pictures(other)
    expect(tile).to_contain_text("Ver (")
    assert asked == []
    assert other.flaws() == []
    tile.click()
    drawn(tile.locator("img"))
    assert len(asked) == 1


def test_a_film_has_its_first_picture_and_plays(room: Room):
    ana = room.enter()
    drop(ana.page, film(ana.page))
    expect(tray(ana).get_by_role("listitem")).to_have_count(1)
    ana.composer.press("Enter")
    tile = ana.timeline.get_by_role("button", name=re.compile(r"^Abrir .*Video"))
    expect(tile).to_be_visible()
    if shutil.which("ffmpeg") is not None:
        drawn(tile.locator("img"))
    else:
        # Nobody can draw it: a sign of film stands there, and the film itself plays.
        expect(tile.locator(".instead")).to_be_visible()
    tile.click()
    shown = ana.page.get_by_role("dialog", name="Visor").locator("video")
    until(ana.page, PLAYED, shown.element_handle())
    assert ana.flaws() == []


def test_a_chat_has_a_picture_that_everybody_sees(room: Room):
    room.beto.call("PUT", f"/chats/{room.chat}/members/{room.mine.user_id}", {"role": "admin"})
    ana, other = room.enter(), room.another()
    ana.button("Ajustes de la conversación").click()
    with ana.page.expect_file_chooser() as chooser:
        ana.button("Poner una imagen").click()
    chooser.value.set_files(photos(1)[0].chosen())
    ana.button("Usar esta foto").click()
    expect(ana.button("Quitar la imagen")).to_be_visible()
    # The other device hears of it as it happens.
    face = other.chat("Redes").locator(".avatar img")
    drawn(face)
    ana.button("Quitar la imagen").click()
    expect(face).to_have_count(0)
