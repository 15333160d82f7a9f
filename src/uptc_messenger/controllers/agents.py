"""What to call a device that did not say: its browser and system, as people know them."""

from typing import Final

_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
MAX_LENGTH: Final = 120


def describe(user_agent: str) -> str:
    """Such as `Firefox · Linux`; the product's own name where it is no known browser."""
    known = [name for table in (_BROWSERS, _SYSTEMS) if (name := _first(table, user_agent))]
    product = user_agent.partition("/")[0].strip()
    plain = "".join(c for c in product if c.isprintable())
    return (" · ".join(known) or plain)[:MAX_LENGTH]


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in table if mark in user_agent), "")
