"""Which hosts we answer for, and which pages may act with a cookie."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def is_loopback(host: str) -> bool:
    """Whether a `Host` header names this machine to itself."""
    name = host.lower()
    bare = name[: name.rfind("]") + 1] if name.startswith("[") else name.partition(":")[0]
    return bare in _LOOPBACK


class Origins:
    """The origins under which people reach this server; none are configured on a laptop."""

    def __init__(self, configured: Iterable[str]) -> None:
        self._origins = frozenset(origin for url in configured if (origin := origin_of(url)))
        self.all = self._origins
        self._hosts = frozenset(urlsplit(origin).netloc for origin in self._origins)

    def serves(self, host: str) -> bool:
        """Whether a request for this host is meant for us."""
        return not self._hosts or host.lower() in self._hosts or is_loopback(host)

    def may_act(self, origin: str | None, host: str) -> bool:
        """Whether a page of this origin may use the cookie of this host; exact, never a prefix."""
        if origin is None:
            return False
        if origin in self._origins:
            return True
        return is_loopback(host) and origin in {f"http://{host}", f"https://{host}"}


def origin_of(url: str) -> str:
    """Scheme and host of an address as a browser writes them in `Origin`; empty if it has none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    default = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"
