"""Where the focus is, and whether somebody who looks at the screen can tell."""

from typing import NamedTuple

from playwright.sync_api import Page

# The ring may be drawn by the frame that an input stands in. Its contrast is that of its colour
# against the ground it lies on.
FOCUS = """() => {
  const numbers = color => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = node => {
    for (let e = node; e; e = e.parentElement) {
      const color = numbers(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0.9) return color;
    }
    return [255, 255, 255];
  };
  const contrast = node => {
    const style = getComputedStyle(node), inside = parseFloat(style.outlineOffset) < 0;
    const [a, b] = [light(numbers(style.outlineColor)), light(ground(inside ? node : node.parentElement))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const here = document.activeElement;
  let best = 0;
  for (let e = here, up = 0; e && up < 4; e = e.parentElement, up += 1) {
    const style = getComputedStyle(e);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) best = Math.max(best, contrast(e));
  }
  const name = here.getAttribute('aria-label') ?? here.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60);
  window.__numbers ??= new WeakMap(); window.__next ??= 0;
  if (!window.__numbers.has(here)) window.__numbers.set(here, window.__next += 1);
  return [window.__numbers.get(here), here.tagName.toLowerCase(), name, best];
}"""  # noqa: E501 - a program of the page


class Focus(NamedTuple):
    """The element that has it, and the contrast of the ring that says so; 0 without one."""

    number: int
    tag: str
    name: str
    contrast: float


def focus_of(page: Page) -> Focus:
    return Focus(*page.evaluate(FOCUS))


def walk(page: Page, *, most: int = 80) -> list[Focus]:
    """One round with the Tab key; at its end the browser itself may have a turn."""
    found: list[Focus] = []
    lost = 0
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focus_of(page)
        if found and here.number == found[0].number:
            return found
        if here.tag != "body":
            found.append(here)
            lost = 0
        elif (lost := lost + 1) > 1:
            raise AssertionError(f"The focus is lost after {found[-1:]}")
    raise AssertionError(f"Tab does not come round: {[each.name for each in found[-6:]]}")
