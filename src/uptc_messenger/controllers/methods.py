"""Which methods an address answers to: what `Allow` says."""

import re
from typing import Final

from litestar import Litestar

_ANYTHING: Final = "[^/]+"


def allowed(app: Litestar, path: str) -> list[str]:
    """The methods of every route that a path is one of; empty where there is none.

    The framework knows only those of the first route it finds at an address.
    """
    methods = {
        str(method)
        for route in app.routes
        if _pattern(route.path_format).fullmatch(path.rstrip("/") or "/")
        for method in getattr(route, "methods", ())
    }
    return sorted(methods)


def _pattern(path: str) -> re.Pattern[str]:
    parts = [_ANYTHING if part.startswith("{") else re.escape(part) for part in path.split("/")]
    return re.compile("/".join(parts))
