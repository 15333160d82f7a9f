"""One, two or three columns: the border between them moves, and what is looked up stands beside."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Desk
from tests.browser.people import Reader

pytestmark = pytest.mark.browser


def border(reader: Reader) -> Locator:
    return reader.page.get_by_role("separator", name="Ancho de la lista")


def width(reader: Reader) -> float:
    box = reader.page.locator("#list").bounding_box()
    assert box is not None
    return box["width"]


@pytest.fixture
def ana(desk: Desk) -> Reader:
    reader = desk.reader().register("Ana Gómez")
    reader.found("Redes")
    return reader


@pytest.mark.parametrize("language", ["es-CO", "en"])
def test_nothing_of_the_list_is_cut_off(desk: Desk, language: str):
    reader = desk.reader(width=768, height=1024).register("Ana Gómez")
    if language == "en":
        reader.page.evaluate("localStorage.setItem('locale', 'en')")
        reader.page.reload()
    expect(reader.page.locator("#list header button")).to_have_count(3)
    for button in reader.page.locator("#list header button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width(reader)
    assert reader.page.locator("#list h2").evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_the_border_moves_by_keys_and_is_remembered(ana: Reader):
    assert width(ana) == 360
    border(ana).focus()
    ana.page.keyboard.press("ArrowRight")
    expect(border(ana)).to_have_attribute("aria-valuenow", "376")
    assert width(ana) == 376
    assert ana.flaws() == []
    ana.page.reload()
    expect(ana.composer).to_be_visible()
    assert width(ana) == 376
    border(ana).focus()
    ana.page.keyboard.press("Home")
    assert width(ana) == 264
    ana.page.keyboard.press("Enter")
    assert width(ana) == 360


def test_the_border_is_pulled(ana: Reader):
    box = border(ana).bounding_box()
    assert box is not None
    ana.page.mouse.move(box["x"] + 1, 300)
    ana.page.mouse.down()
    ana.page.mouse.move(440, 320, steps=4)
    ana.page.mouse.up()
    assert abs(width(ana) - 440) <= 1
    ana.page.mouse.move(200, 320)
    assert abs(width(ana) - 440) <= 1
    border(ana).dblclick()
    assert width(ana) == 360


def test_a_third_column_keeps_nobody_from_the_conversation(ana: Reader):
    ana.button("Miembros").click()
    expect(ana.page.get_by_role("complementary", name="Miembros (1)")).to_be_visible()
    assert ana.flaws() == []
    ana.write("con los miembros al lado")
    expect(ana.window).to_be_visible()
    for _ in range(4):
        ana.page.keyboard.press("F6")
        if ana.window.locator(":focus").count() > 0:
            break
    expect(ana.window.locator(":focus")).to_have_count(1)
    ana.page.keyboard.press("Escape")
    expect(ana.window).to_have_count(0)
    assert ana.page.evaluate("document.activeElement !== document.body")
    # Back closes it too, and a narrower window has no room for it.
    ana.button("Miembros").click()
    ana.page.go_back()
    expect(ana.window).to_have_count(0)
    ana.button("Miembros").click()
    ana.page.set_viewport_size({"width": 1100, "height": 800})
    expect(ana.page.get_by_role("dialog", name="Miembros (1)")).to_be_visible()
    ana.page.set_viewport_size({"width": 1300, "height": 800})
    expect(ana.page.get_by_role("complementary", name="Miembros (1)")).to_be_visible()


def test_what_was_found_stays_beside_what_it_leads_to(ana: Reader):
    for text in ("la reunión es mañana", "otra cosa", "la reunión fue ayer"):
        ana.write(text)
    ana.indexed("reunion", 2)
    ana.search("reunion")
    expect(ana.window.get_by_role("option")).to_have_count(2)
    for text in ("la reunión es mañana", "la reunión fue ayer"):
        ana.window.get_by_role("option", name=text).click()
        expect(ana.message(text).locator("xpath=.")).to_be_in_viewport()
        expect(ana.window.get_by_role("option")).to_have_count(2)


def test_whoever_closes_the_search_stays_where_it_led(ana: Reader):
    ana.write("la reunión es mañana")
    ana.found("Álgebra")
    expect(ana.page.get_by_role("textbox", name="Mensaje para Álgebra")).to_be_visible()
    ana.indexed("reunion", 1)
    ana.search("reunion")
    ana.window.get_by_role("option").click()
    there = ana.page.get_by_role("textbox", name="Mensaje para Redes")
    expect(there).to_be_visible()
    ana.window.get_by_role("button", name="Cerrar").click()
    expect(ana.window).to_have_count(0)
    expect(there).to_be_visible()
    ana.page.go_back()
    expect(ana.page.get_by_role("textbox", name="Mensaje para Álgebra")).to_be_visible()
