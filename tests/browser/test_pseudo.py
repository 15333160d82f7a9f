"""Every screen in a language that nobody speaks: all is translated, and longer words have room."""

from collections.abc import Iterator

import pytest

from tests.browser.campus import PEOPLE, USERNAME, World
from tests.browser.conftest import Desk
from tests.browser.luggage import report, table
from tests.browser.people import Reader
from tests.browser.screens import Screen, entry_screens, file_screens, home_screens
from tests.server import Server

pytestmark = pytest.mark.browser

# What people have written, and what they are called: the same in every language.
THEIRS = (
    *PEOPLE,
    "Sistemas distribuidos, grupo 2",
    "Comité de grado",
    "Laboratorio de redes",
    report().name,
    table().name,
    "IMG_200.jpg",
    "IMG_201.jpg",
    "Avisos de la facultad",
    USERNAME,
    "benjamin.nunez",
    "carla.pena",
    "diego.rojas.villamil",
    "elida.soto",
    "Chromium",
    "Chrome",
    "Firefox",
    "Android",
    "Linux",
)

FLAWS = """theirs => {
  const flaws = []
  const name = node => `${node.tagName.toLowerCase()}.${node.className?.baseVal ?? node.className}`
  const own = text => {
    let rest = text
    for (let before = ''; before !== rest; ) {
      before = rest
      rest = rest.replace(/⟦[^⟦⟧]*⟧/gu, ' ')
    }
    for (const word of theirs) rest = rest.replaceAll(word, ' ')
    // Sizes are written by the browser.
    rest = rest.replaceAll(/\\d (?:bytes?|[kMG]B)/gu, ' ')
    return rest.replaceAll(/(?:https?:\\/\\/\\S+|@\\S+)/gu, ' ')
  }
  const untranslated = (node, text) => {
    if (/\\p{L}{2}/u.test(own(text))) flaws.push(`not translated: ${name(node)}: ${text.trim()}`)
  }
  const DATA = 'time, kbd, code, svg, canvas, .markdown, bdi, .excerpt, .avatar, [lang], option'
  const shown = node => node.checkVisibility({ visibilityProperty: true, opacityProperty: false })
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode
    const node = text.parentElement
    if (text.data.trim() === '' || !shown(node) || node.closest(DATA) !== null) continue
    untranslated(node, text.data)
    if (node.closest('.sr-only') !== null || !text.data.includes('⟦')) continue
    const range = document.createRange()
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect()
    if (box.right > innerWidth + 1) flaws.push(`off the page: ${name(node)}: ${text.data.trim()}`)
    for (let each = node; each !== document.body; each = each.parentElement) {
      const style = getComputedStyle(each)
      if (/auto|scroll/u.test(style.overflowX + style.overflowY)) break
      if (!/hidden|clip/u.test(style.overflowX + style.overflowY)) continue
      const edge = each.getBoundingClientRect()
      const over = [box.right - edge.right, edge.left - box.left, box.bottom - edge.bottom]
      if (Math.max(...over) > 1.5) flaws.push(`cut off: ${name(node)}: ${text.data.trim()}`)
      break
    }
  }
  const brush = document.createElement('canvas').getContext('2d')
  for (const node of document.querySelectorAll('[aria-label], [placeholder], [title], img[alt]')) {
    if (!shown(node)) continue
    for (const attribute of ['aria-label', 'placeholder', 'title', 'alt']) {
      const text = node.getAttribute(attribute)
      // The exact time of a message is a date, which the browser writes.
      if (text !== null && node.closest('time, .edited, .emojis') === null) untranslated(node, text)
    }
    if (!node.placeholder) continue
    const style = getComputedStyle(node)
    brush.font = style.font
    const room = node.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)
    const width = brush.measureText(node.placeholder).width
    if (width > room + 1) flaws.push(`cut off: placeholder of ${name(node)}: ${node.placeholder}`)
  }
  return flaws
}"""


def walk(reader: Reader, screens: Iterator[Screen]) -> list[str]:
    """What is wrong on each of these screens."""
    found: list[str] = []
    for screen in screens:
        screen.go(reader)
        # What it shows is drawn when nothing has changed for a moment.
        reader.page.wait_for_timeout(250)
        flaws: list[str] = reader.page.evaluate(FLAWS, THEIRS)
        found += [f"{screen.name}: {flaw}" for flaw in flaws]
    return found


@pytest.fixture(scope="module")
def world(server: Server) -> Iterator[World]:
    made = World(server.url)
    made.add_files()
    yield made
    made.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_every_text_is_translated_and_has_room(desk: Desk, world: World, width: int, height: int):
    reader = desk.reader(width=width, height=height)
    reader.page.goto(f"{reader.url}/offline.html")
    reader.page.evaluate("localStorage.setItem('locale', 'pseudo')")
    found = walk(reader, entry_screens(world))
    reader.name, reader.username = PEOPLE[0], USERNAME
    reader.sign_in(reader)
    reader.page.locator("nav li").first.wait_for()
    found += walk(reader, home_screens(world))
    found += walk(reader, file_screens(world))
    desk.forgive("404 (Not Found)")
    # The drafts of the one who was here before, on another screen.
    desk.forgive("409 (Conflict)")
    assert found == [], "\n".join(found)
