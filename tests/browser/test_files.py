"""Files from one person to another: chosen, sent, lost on the way and found again, looked at."""

import re

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Locator, Route, expect

from tests.browser.conftest import Desk
from tests.browser.luggage import Customs, Thing, drop, noise
from tests.browser.pen import Pen
from tests.browser.people import Reader, drawn
from tests.browser.test_killed_tabs import kill_and_return
from tests.media import pdf, picture
from tests.server import Server

pytestmark = pytest.mark.browser

GATE = "**/api/v1/files/*/variants/**"


def photo(name: str, width: int = 640, height: int = 480) -> Thing:
    return Thing(name, "image/jpeg", picture("JPEG", (width, height)))


PHOTOS = (photo("aula.jpg"), photo("pizarra.jpg", 480, 640), photo("grupo.jpg", 900, 500))
REPORT = Thing("informe.pdf", "application/pdf", pdf())


@pytest.fixture
def pair(desk: Desk) -> tuple[Reader, Reader]:
    """Ana and Ben in the same group, both looking at it."""
    ana, ben = desk.reader().register("Ana Gómez"), desk.reader(width=390).register("Ben Ruiz")
    ana.found("Redes", ben)
    ben.open("Redes")
    return ana, ben


def tray(reader: Reader) -> Locator:
    return reader.page.get_by_role("region", name="Archivos para enviar")


def pictures(reader: Reader) -> Locator:
    return reader.timeline.get_by_role("button", name=re.compile("^Abrir "))


def progress(reader: Reader, name: str) -> Locator:
    return reader.timeline.get_by_role("progressbar", name=f"Envío de {name}")


def test_three_pictures_and_a_document(pair: tuple[Reader, Reader]):
    ana, ben = pair
    customs = Customs(ana.page.context)
    drop(ana.page, *PHOTOS, REPORT, noise("video.bin", 300_000))
    expect(tray(ana).get_by_role("listitem")).to_have_count(5)
    tray(ana).get_by_role("button", name=re.compile("^pizarra.jpg")).click()
    tray(ana).get_by_label("Descripción").fill("La pizarra con el protocolo")
    assert ana.flaws() == []
    ana.composer.fill("De la clase de hoy")
    ana.composer.press("Enter")
    expect(tray(ana)).to_have_count(0)
    expect(progress(ana, "aula.jpg")).to_be_attached()

    ana.page.get_by_role("button", name="No enviar video.bin").click()
    expect(progress(ana, "video.bin")).to_have_count(0)
    ana.write("y esto después")

    ana.offline(yes=True)
    expect(ana.page.get_by_text("Sin conexión.")).to_be_visible()
    customs.let_go()
    # Without a network nothing of it comes to the server.
    asked = Pen.login(ben.url, ben.username)
    chat = ben.page.url.split("/c/")[1].split("/")[0]
    assert asked.call("GET", f"/chats/{chat}/messages?limit=10")["messages"] == []
    ana.offline(yes=False)

    expect(pictures(ben)).to_have_count(3)
    expect(ben.message("De la clase").get_by_text("informe.pdf")).to_be_visible()
    expect(ben.message("De la clase").get_by_text("video.bin")).to_have_count(0)
    ben.sees("y esto después")
    assert ben.said() == ["De la clase de hoy", "y esto después"]
    expect(ana.page.get_by_text(re.compile("Enviando…|En espera"))).to_have_count(0)
    assert ben.flaws() == []
    look_at(ben)


def look_at(ben: Reader) -> None:
    """The viewer, by keys alone."""
    second = pictures(ben).nth(1)
    expect(second).to_have_accessible_name("Abrir La pizarra con el protocolo")
    pictures(ben).nth(0).click()
    viewer = ben.page.get_by_role("dialog", name="Visor")
    expect(viewer.get_by_role("img")).to_have_attribute("alt", "Imagen de Ana Gómez")
    expect(viewer.get_by_text("1 de 3")).to_be_visible()
    ben.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img")).to_have_attribute("alt", "La pizarra con el protocolo")
    ben.page.keyboard.press("+")
    expect(viewer.locator(".picture")).to_have_attribute("style", re.compile(r"scale\(1\.4\)"))
    assert ben.flaws() == []
    with ben.page.expect_download() as download:
        viewer.get_by_role("link", name="Descargar").click()
    assert download.value.suggested_filename == "pizarra.jpg"
    ben.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(pictures(ben).nth(0)).to_be_focused()


def test_nothing_moves_when_a_picture_arrives(pair: tuple[Reader, Reader]):
    ana, ben = pair
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ben.page.context.route(GATE, hold)
    drop(ana.page, PHOTOS[0])
    expect(tray(ana).get_by_role("listitem")).to_have_count(1)
    ana.composer.press("Enter")
    tile = pictures(ben)
    expect(tile).to_have_count(1)
    before = at_rest(tile)
    ben.page.context.unroute(GATE)
    for route in held:
        route.continue_()
    drawn(tile.locator("img"))
    assert tile.bounding_box() == before


# How much of the first line of the last album is drawn on, from 0 to 1.
FILLED = """albums => {
  const frame = albums.at(-1).getBoundingClientRect()
  const images = [...albums.at(-1).querySelectorAll('img')]
  const boxes = images.map(image => image.getBoundingClientRect())
  const first = boxes.filter(({ top }) => top < frame.top + 1)
  return (Math.max(...first.map(({ right }) => right)) - frame.left) / frame.width }"""


@pytest.mark.parametrize("count", [1, 3])
def test_upright_pictures_fill_their_frame(pair: tuple[Reader, Reader], count: int):
    ana, ben = pair
    customs = Customs(ana.page.context)
    drop(ana.page, *(photo(f"alto{n}.png", 600, 900) for n in range(count)))
    expect(tray(ana).get_by_role("listitem")).to_have_count(count)
    ana.composer.press("Enter")
    expect(ana.timeline.locator(".album img")).to_have_count(count)
    assert filled(ana) == pytest.approx(1, abs=0.01)
    customs.let_go()
    expect(ana.timeline).to_contain_text("Enviado")
    ana.page.reload()
    for reader in (ana, ben):
        expect(reader.timeline.locator(".album img")).to_have_count(count)
        assert filled(reader) == pytest.approx(1, abs=0.01)


def filled(reader: Reader) -> float:
    drawn(reader.timeline.locator(".album img").last)
    return reader.timeline.locator(".album").evaluate_all(FILLED)


def at_rest(tile: Locator) -> FloatRect:
    """Where it is, once the timeline has come to its place."""
    expect(tile.page.locator(".place:not(.away) .scroller:not(.hidden)")).to_be_visible()
    looks = [tile.bounding_box()]
    for _ in range(100):
        tile.page.wait_for_timeout(100)
        looks.append(tile.bounding_box())
        if (now := looks[-1]) is not None and looks[-3:] == [now] * 3:
            return now
    pytest.fail("the timeline does not come to rest")


def test_what_waited_and_goes_on_says_so(desk: Desk, server: Server):
    ana = desk.reader(width=390).register("Ana Gómez")
    Pen.login(server.url, ana.username).group("Redes")
    ana.open("Redes")
    line = Toll(ana.page.context)
    drop(ana.page, noise("datos.bin", 3_000_000))
    expect(tray(ana).get_by_role("listitem")).to_have_count(1)
    ana.composer.fill("las mediciones")
    ana.composer.press("Enter")
    row = ana.message("las mediciones")
    expect(row).to_contain_text("En espera: el servidor tarda en responder")
    # What has arrived is not forgotten.
    expect(row).to_contain_text("262,1 kB de 3 MB")
    expect(progress(ana, "datos.bin")).to_have_attribute("aria-valuenow", "9")
    line.passes, line.mended = 1, True
    expect(row).to_contain_text("Enviando…")
    expect(row).not_to_contain_text("En espera")
    line.let_go()
    expect(row).to_contain_text("Enviado")


class Toll:
    """Lets so many parts of a file through; the rest is lost or, once it is mended, held up."""

    def __init__(self, context: BrowserContext) -> None:
        self.passes = 1
        self.mended = False
        self.held: list[Route] = []
        context.route("**/api/v1/files/*/content?offset=*", self._ask)

    def _ask(self, route: Route) -> None:
        if self.passes > 0:
            self.passes -= 1
            route.continue_()
        elif self.mended:
            self.held.append(route)
        else:
            route.abort("internetdisconnected")

    def let_go(self) -> None:
        self.passes = 1_000
        for route in self.held:
            route.continue_()


def test_killed_while_sending_a_file(desk: Desk, server: Server):
    ana = desk.reader().register("Ana Gómez")
    pen = Pen.login(server.url, ana.username)
    chat = pen.group("Redes")
    ana.open("Redes")
    customs = Customs(ana.page.context)
    drop(ana.page, noise("tesis.bin", 700_000), PHOTOS[0])
    expect(tray(ana).get_by_role("listitem")).to_have_count(2)
    kill_and_return(ana)
    expect(tray(ana).get_by_role("listitem")).to_have_count(2)

    ana.composer.fill("aquí va")
    ana.composer.press("Enter")
    expect(progress(ana, "tesis.bin")).to_be_attached()
    # What is held goes with its page; what the next one sends goes through at once.
    customs.gone()
    kill_and_return(ana)
    expect(ana.message("aquí va")).to_have_count(1)
    expect(ana.page.get_by_text(re.compile("Enviando…|En espera"))).to_have_count(0)
    expect(pictures(ana)).to_have_count(1)

    [message] = pen.call("GET", f"/chats/{chat}/messages?limit=10")["messages"]
    assert message["body"]["text"] == "aquí va"
    assert [file["name"] for file in message["files"]] == ["tesis.bin", "aula.jpg"]
    assert len(pen.call("GET", f"/chats/{chat}/files")["files"]) == 2


def test_a_voice_note(pair: tuple[Reader, Reader]):
    ana, ben = pair
    # As browsers do that do not tell whether a page may listen.
    ana.page.evaluate(
        "() => { navigator.permissions.query = () => Promise.reject(new TypeError()) }"
    )
    ana.button("Grabar una nota de voz").click()
    expect(ana.page.get_by_text("el navegador te pedirá permiso")).to_be_visible()
    assert ana.flaws() == []
    ana.button("Usar el micrófono").click()
    expect(ana.page.get_by_role("timer")).to_have_text(re.compile(r"^0:0[3-9]$"))
    ana.button("Terminar y escuchar").click()
    tray(ana).get_by_role("button", name="Reproducir Tu nota de voz").click()
    expect(tray(ana).get_by_role("button", name="Pausar Tu nota de voz")).to_be_visible()
    ana.button("Enviar").click()

    note = ben.timeline.get_by_role("button", name="Reproducir Nota de voz de Ana Gómez")
    expect(note).to_be_visible()
    assert ben.flaws() == []
    note.click()
    expect(ben.page.get_by_role("slider", name="Posición")).to_have_attribute(
        "aria-valuetext", re.compile("de 0:0")
    )
    ben.page.go_back()
    bar = ben.page.get_by_role("region", name="Reproductor")
    expect(bar).to_be_attached()
    # Held it stays; heard to its end it goes, and the note says again how long it is.
    bar.get_by_role("button", name="Pausar").click()
    bar.get_by_role("button", name="Reproducir").click()
    expect(bar).to_have_count(0)
    ben.open("Redes")
    expect(ben.timeline.locator(".sound .time")).to_have_text(re.compile(r"^0:0[1-9]$"))


def test_what_is_too_much_is_said_before_it_is_sent(desk: Desk):
    ana = desk.reader().register("Ana Gómez")
    ana.found("Notas")
    drop(ana.page, *(photo(f"{number}.jpg", 60, 40) for number in range(12)))
    expect(tray(ana).get_by_role("listitem")).to_have_count(10)
    expect(ana.page.get_by_text("como mucho 10 archivos")).to_be_visible()
    drop(ana.page, Thing("vacio.txt", "text/plain", b""))
    expect(ana.page.get_by_text("«vacio.txt» está vacío")).to_be_visible()
    first = tray(ana).get_by_role("button", name=re.compile("^0.jpg"))
    first.focus()
    first.press("ArrowRight")
    expect(tray(ana).get_by_role("listitem").nth(1)).to_contain_text("0.jpg")
    expect(first).to_be_focused()
    ana.page.keyboard.press("Delete")
    expect(tray(ana).get_by_role("listitem")).to_have_count(9)


def test_a_face_is_seen_by_everybody(pair: tuple[Reader, Reader]):
    ana, ben = pair
    ana.write("hola")
    ana.page.get_by_role("button", name="Tu cuenta y ajustes").click()
    with ana.page.expect_file_chooser() as chooser:
        ana.button("Poner una foto").click()
    chooser.value.set_files(photo("cara.jpg").chosen())
    area = ana.page.get_by_role("application", name=re.compile("^Recorte"))
    area.press("+")
    area.press("ArrowLeft")
    assert ana.flaws() == []
    ana.button("Usar esta foto").click()
    expect(ana.button("Quitar la foto")).to_be_visible()
    ben.page.reload()
    face = ben.message("hola").locator(".avatar img")
    drawn(face)


def test_what_was_sent_in_a_chat(pair: tuple[Reader, Reader]):
    ana, ben = pair
    drop(ana.page, PHOTOS[0], REPORT)
    expect(tray(ana).get_by_role("listitem")).to_have_count(2)
    ana.composer.press("Enter")
    expect(pictures(ben)).to_have_count(1)
    ana.write("Mira https://www.uptc.edu.co/sitio")
    expect(ana.message("Mira")).to_contain_text("Enviado")
    ana.button("Fotos, archivos y enlaces").click()
    gallery = ana.window
    gallery.get_by_role("button", name=re.compile(r"^Abrir Tu imagen, \d+:\d\d")).click()
    expect(ana.page.get_by_role("dialog", name="Visor")).to_be_visible()
    ana.page.keyboard.press("Escape")
    gallery.get_by_role("tab", name="Archivos").click()
    expect(gallery.get_by_text("informe.pdf")).to_be_visible()
    gallery.get_by_role("tab", name="Enlaces").click()
    expect(gallery.get_by_role("link", name="uptc.edu.co/sitio")).to_be_visible()
    assert ana.flaws() == []
