"""A finger on a screen, as the browser hears it from the device."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

FLING_MS = 700


class Finger:
    """One finger; only in a browser that was opened with `has_touch`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: Any = page.context.new_cdp_session(page)

    def hold(self, on: Locator) -> None:
        """Press, stay until there is a menu, let go."""
        x, y = _middle(on)
        self._send("touchStart", x, y)
        expect(self._page.get_by_role("menu")).to_be_visible()
        self._send("touchEnd")

    def swipe(self, on: Locator, distance: int) -> None:
        """Press, move sideways, let go."""
        x, y = _middle(on)
        self._send("touchStart", x, y)
        for step in range(1, 11):
            self._send("touchMove", x + distance * step / 10, y)
        self._send("touchEnd")
        # A tap in the fling that follows would only stop it.
        self._page.wait_for_timeout(FLING_MS)

    def _send(self, kind: str, *point: float) -> None:
        points = [{"x": point[0], "y": point[1]}] if point else []
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def _middle(on: Locator) -> tuple[float, float]:
    # Where it comes to rest, and nothing lies over it.
    on.click(trial=True)
    box = on.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
