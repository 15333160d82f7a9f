"""How far what is being read moves on the screen, frame by frame."""

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
