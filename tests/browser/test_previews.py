"""Previews of links: they come without a jump, and go when their author says."""

import threading
from collections.abc import Generator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Desk
from tests.browser.drift import Drift
from tests.browser.people import Reader, until
from tests.browser.test_files import at_rest
from tests.browser.test_timeline import LEFT, Scene
from tests.media import picture
from tests.server import Server, serving
from tests.sites import HEAD

pytestmark = pytest.mark.browser


class Pages(ThreadingHTTPServer):
    """A site that answers when it may."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.open = threading.Event()
        self.image = picture(size=(640, 480))

    def link(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Pages)
        self.server.open.wait(10)
        image = self.path == "/foto.jpg"
        body = self.server.image if image else HEAD.encode()
        self.send_response(200)
        self.send_header("content-type", "image/jpeg" if image else "text/html")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody reads it."""


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages() as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made
        made.open.set()
        made.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A server that looks behind links, also those to this machine."""
    more = {
        "UPTC_PREVIEWS_LINKS": "on",
        "UPTC_PREVIEWS_LOOPBACK": "true",
        "UPTC_PREVIEWS_TIMEOUT_S": "60",
        "UPTC_PREVIEWS_AT_ONCE": "8",
    }
    folder = tmp_path_factory.mktemp("previews") / "data"
    with serving(folder, "--registration", "open", UPTC_LIMITS="off", **more) as running:
        yield running


def cards(reader: Reader) -> Locator:
    return reader.timeline.get_by_role("link", name="Feria del libro")


def test_a_card_comes_without_a_jump_and_goes(desk: Desk, pages: Pages):
    ana, ben = desk.reader().register("Ana Gómez"), desk.reader(width=390).register("Ben Ruiz")
    ana.found("Redes", ben)
    ben.open("Redes")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ben.page.context.route("**/api/v1/files/*/content", hold)
    pages.open.set()
    ana.write(f"Miren {pages.link('/')}")
    card = cards(ben)
    expect(card).to_have_count(1)
    expect(card).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(card).to_have_attribute("href", pages.link("/"))
    expect(card.get_by_text("Diez días de lectura en Tunja.")).to_be_visible()
    before = at_rest(card)
    while not held:
        ben.page.wait_for_timeout(50)
    for route in held:
        route.continue_()
    ben.page.context.unroute("**/api/v1/files/*/content")
    image = card.get_by_role("img", name="Estantes con libros")
    expect(image).to_have_js_property("complete", value=True)
    assert card.bounding_box() == before
    assert ben.flaws() == []
    expect(ben.page.get_by_role("button", name="Quitar la vista previa")).to_have_count(0)

    expect(cards(ana)).to_have_count(1)
    cards(ana).hover()
    assert ana.flaws() == []
    ana.page.get_by_role("button", name="Quitar la vista previa").click()
    expect(cards(ana)).to_have_count(0)
    expect(card).to_have_count(0)
    ben.page.reload()
    ben.sees("Miren")
    expect(card).to_have_count(0)
    # What is on the disk may name the image for a moment longer, which is gone on the server.
    desk.forgive("404 (Not Found)")


def test_nothing_that_is_read_moves_when_cards_come(desk: Desk, server: Server, pages: Pages):
    scene = Scene(desk, server, count=40)
    linked = [scene.pen.write(scene.chat, pages.link(f"/{n}")) for n in range(4)]
    scene.pen.read(scene.chat, 44)
    scene.enter()

    scene.reader.sees(pages.link("/3"))
    pages.open.set()
    expect(cards(scene.reader)).to_have_count(len(linked))
    scene.rest()
    until(scene.page, f"{LEFT} <= 1")

    pages.open.clear()
    above = [scene.pen.write(scene.chat, pages.link(f"/otra/{n}")) for n in range(3)]
    for number in range(100, 130):
        scene.pen.write(scene.chat, f"más {number}\n" * 3)
    scene.reader.sees("más 129")
    scene.scroll_up(600)
    meter = Drift(scene.page)
    meter.start()
    pages.open.set()
    for message in above:
        wait_for_preview(scene, message)
    scene.page.wait_for_timeout(500)
    assert meter.stop() <= 1


def wait_for_preview(scene: Scene, message: dict[str, Any]) -> None:
    around = f"/chats/{scene.chat}/messages?around_seq={message['seq']}&limit=1"
    for _ in range(200):
        (found,) = scene.pen.call("GET", around)["messages"]
        if "preview" in found:
            return
        scene.page.wait_for_timeout(100)
    raise AssertionError("no preview came")


def test_who_wants_none_sees_none(desk: Desk, pages: Pages):
    pages.open.set()
    ana, ben = desk.reader().register("Ana Gómez"), desk.reader().register("Ben Ruiz")
    ana.found("Redes", ben)
    ben.open("Redes")
    ana.write(f"Uno {pages.link('/uno')}")
    expect(cards(ana)).to_have_count(1)
    expect(cards(ben)).to_have_count(1)
    ben.page.evaluate(
        """() => fetch('/api/v1/users/me', {method: 'PATCH',
           headers: {'Content-Type': 'application/json'},
           body: JSON.stringify({hides_previews: true})})"""
    )
    expect(cards(ben)).to_have_count(0)
    ben.write(f"Dos {pages.link('/dos')}")
    ana.sees("Dos")
    ana.write(f"Tres {pages.link('/tres')}")
    expect(cards(ana)).to_have_count(2)
