"""Who comes in, and by which door."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Desk
from tests.browser.people import PASSWORD, Reader
from tests.server import Server, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as it starts for the first time: nobody is there, and one comes by invitation."""
    folder = tmp_path_factory.mktemp("entry")
    with serving(folder / "data", UPTC_LIMITS="off") as running:
        yield running


def test_a_visitor_is_offered_only_what_is_possible(desk: Desk):
    reader = desk.reader()
    reader.page.goto(reader.url)
    expect(reader.page.get_by_text("abre el enlace de una invitación")).to_be_visible()
    expect(reader.page.get_by_text("Crear cuenta")).to_have_count(0)
    reader.page.goto(f"{reader.url}/register")
    expect(reader.page.get_by_text("Aquí solo se entra con invitación")).to_be_visible()
    expect(reader.page.locator("input[name=username]")).to_have_count(0)
    assert reader.flaws() == []


@pytest.mark.parametrize("path", ["/owner#bad", "/reset#bad"])
def test_a_link_that_opens_nothing_says_so_before_anything_is_typed(desk: Desk, path: str):
    reader = desk.reader()
    reader.page.goto(reader.url + path)
    expect(reader.page.get_by_text("ya se usó o venció")).to_be_visible()
    expect(reader.page.locator("input[name=password]")).to_have_count(0)
    desk.forgive("404")


def test_from_the_owner_s_link_to_a_friend_s_first_message(desk: Desk, server: Server):
    owner = desk.reader()
    owner.page.goto(server.owner_link())
    owner.page.locator("input[name=username]").fill("rectora")
    owner.page.locator("input[name=password]").fill(PASSWORD)
    owner.page.keyboard.press("Enter")
    expect(owner.page.get_by_text("Aún no hay conversaciones")).to_be_visible()
    owner.page.reload()
    expect(owner.page.get_by_text("Aún no hay conversaciones")).to_be_visible()
    assert owner.flaws() == []
    owner.button("Invitar a alguien").click()
    owner.button("Crear enlace").click()
    expect(owner.page.get_by_role("img", name="Código QR de la invitación")).to_be_visible()
    assert owner.flaws() == []
    owner.page.keyboard.press("Escape")

    owner.found("Bienvenida")
    owner.button("Miembros").click()
    owner.button("Invitar con enlace").click()
    owner.button("Crear enlace").click()
    link = owner.page.get_by_label("Enlace de invitación").input_value()
    ana = desk.reader(width=390, height=844, has_touch=True, is_mobile=True)
    assert first_message(ana, link) <= 5
    owner.page.keyboard.press("Escape")
    owner.sees("Ya estoy aquí")

    nameless = desk.reader()
    nameless.page.goto(link)
    nameless.page.locator("input[name=username]").fill("sinnombre")
    nameless.page.locator("input[name=password]").fill("password")
    nameless.button("Crear cuenta").click()
    expect(nameless.page.get_by_text("Esa contraseña no sirve")).to_be_visible()
    desk.forgive("400")
    nameless.page.locator("input[name=password]").fill(PASSWORD)
    nameless.button("Crear cuenta").click()
    nameless.sees("Ya estoy aquí")


def first_message(reader: Reader, link: str) -> int:
    """Come by invitation on a phone and write; how many taps it took."""
    page = reader.page
    page.goto(link)
    page.locator("input:focus").wait_for()
    page.keyboard.type("Ana Gómez")  # The first field has the focus, the next is filled in.
    taps = 0
    for tapped, typed in (
        (page.locator("input[name=password]"), PASSWORD),
        (reader.button("Crear cuenta"), ""),
        (reader.composer, "Ya estoy aquí"),
        (reader.button("Enviar"), ""),
    ):
        tapped.tap()
        if typed:
            expect(tapped).to_be_focused()
        page.keyboard.type(typed)
        taps += 1
    reader.sees("Ya estoy aquí")
    return taps
