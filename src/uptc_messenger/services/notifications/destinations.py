"""Which addresses a browser may name as its push service: none that leads into our network."""

import re
from typing import Final
from urllib.parse import urlsplit

from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import BadRequest

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1"})
_SEEN: Final = re.compile(r"[!-~]+")
_HTTPS: Final = 443


class Destination(Record, frozen=True):
    """An endpoint in its parts; `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """As VAPID and browsers write it."""
        default = {"https": 443, "http": 80}[self.scheme]
        return f"{self.scheme}://{self.netloc if self.port != default else self.host}"

    @property
    def netloc(self) -> str:
        """As the header `Host` names it."""
        default = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == default else f"{self.host}:{self.port}"

    @property
    def keeps_silence(self) -> bool:
        """Whether the browser behind it takes a push that shows nothing; Safari ends with it."""
        return not self.host.endswith(".push.apple.com")


def parse(endpoint: str, *, loopback: bool = False) -> Destination:
    """The parts of an endpoint; `BadRequest` for any that no push service hands out.

    HTTPS on its own port, a host with a name. With `loopback` also this machine, any port.
    """
    refused = BadRequest("endpoint: the https address of a push service.")
    if not _SEEN.fullmatch(endpoint):
        raise refused
    try:
        parts = urlsplit(endpoint)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError as error:
        raise refused from error
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise refused
    here = loopback and host in _LOOPBACK and parts.scheme in {"http", "https"}
    if not here and not _is_service(parts.scheme, host, port):
        raise refused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    default = _HTTPS if parts.scheme == "https" else 80
    return Destination(scheme=parts.scheme, host=host, port=port or default, path=path)


def host_of(endpoint: str) -> str:
    """The host of an endpoint that was parsed when it came."""
    return (urlsplit(endpoint).hostname or "").lower()


def _is_service(scheme: str, host: str, port: int | None) -> bool:
    # The last label has a letter: numbers alone, in any notation, are an address and no name.
    named = _HOST.fullmatch(host) is not None and not host.rpartition(".")[2].isdigit()
    last = host.rpartition(".")[2]
    return scheme == "https" and port in {None, _HTTPS} and named and not last.startswith("0x")
