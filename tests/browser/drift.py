# ruff: noqa: E501 - programs of the page stand in this file
"""How far what is being read moves on the screen, frame by frame, and whether there is anything."""

from playwright.sync_api import Page

# `topRow` is the message whose beginning is the first on screen; `topOf` where a message stands.
METER = """
var feed = () => [...document.querySelectorAll('[role=feed]')]
  .find(e => e.checkVisibility({visibilityProperty: true}));
var topOf = key => {
  const row = feed()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  return row ? row.getBoundingClientRect().top : null;
};
var topRow = () => {
  const edge = feed().getBoundingClientRect().top;
  const row = [...feed().querySelectorAll('[data-key]')]
    .find(e => e.getBoundingClientRect().top >= edge);
  return row.dataset.key;
};
var watchRow = () => {
  const key = topRow(), from = topOf(key);
  const watch = {worst: 0, on: true};
  const look = () => {
    const now = topOf(key);
    // A row that is away entirely has moved by more than a screen.
    watch.worst = Math.max(watch.worst, now === null ? 1e4 : Math.abs(now - from));
    if (watch.on) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.__watch = watch;
};
var stepBy = async pixels => {
  const box = feed(), edge = box.getBoundingClientRect();
  const rows = [...box.querySelectorAll('[data-key]')]
    .filter(e => {
      const r = e.getBoundingClientRect();
      return r.bottom > edge.top && r.top < edge.bottom;
    });
  const before = rows.map(e => [e.dataset.key, e.getBoundingClientRect().top]);
  const from = box.scrollTop;
  box.dispatchEvent(new WheelEvent('wheel', {bubbles: true}));
  box.scrollTop = from + pixels;
  const asked = box.scrollTop - from;
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  let worst = 0;
  for (const [key, top] of before) {
    const now = topOf(key);
    if (now !== null) worst = Math.max(worst, Math.abs(now - top + asked));
  }
  return worst;
};
"""

# A frame is blank when no row that can be seen reaches into it. That is looked at when it is about to be painted: rows
# are still put in and measured after the callbacks of a frame, and between its paint and the next one a new list has
# none. An observer's word comes after that of those that were there before it; the second, of what stands deeper, after
# the rows were measured.
FRAMES = """() => { window.__frames = []; window.__blank = 0; let last = performance.now();
  const box = feed(), edge = box.getBoundingClientRect();
  const once = (element, then) => {
    const watch = new ResizeObserver(() => { watch.disconnect(); then() }); watch.observe(element) };
  const seen = row => { const r = row.getBoundingClientRect();
    return r.bottom > edge.top && r.top < edge.bottom && row.checkVisibility({visibilityProperty: true}) };
  const count = () => { if (![...box.querySelectorAll('[data-key]')].some(seen)) window.__blank += 1 };
  const look = now => { window.__frames.push(now - last); last = now; requestAnimationFrame(look);
    once(box, () => { const deep = [...box.querySelectorAll('[data-key] *')].at(-1);
      if (deep) once(deep, count); else count() }) };
  requestAnimationFrame(look) }"""


class Drift:
    """Measures in the page, where a frame is a frame."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def start(self) -> None:
        self._page.evaluate(METER + "; watchRow()")

    def stop(self) -> float:
        """The largest distance from where the row was at the start."""
        return self._page.evaluate("() => {window.__watch.on = false; return window.__watch.worst}")

    def wheel(self, pixels: int, *, steps: int) -> list[float]:
        """Scrolls in steps; for each, how far a row went beside the step."""
        return self._page.evaluate(
            METER
            + "; (async () => { const found = []; for (let i = 0; i < "
            + f"{steps}; i += 1) found.push(await stepBy({pixels})); return found }})()"
        )
