"""What a link leads to, in the parts that a request is made of: none that leads elsewhere.

The request is built from these parts and not from the text, so that no other reading of the
text can lead to another host than the one that was checked.
"""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from uptc_messenger.models.base import Record
from uptc_messenger.models.previews import MAX_URL

_DEFAULT: Final = {"http": 80, "https": 443}
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_HOST: Final = re.compile(r"[a-z0-9_.-]{1,253}")
_NUMBERS: Final = re.compile(r"[0-9a-f:.]{2,45}")
_SAFE: Final = "/%:@!$&'()*+,;=~-._?"


class Refused(Exception):
    """A link, or an answer, of which nothing is shown; the sentence says why."""


class Target(Record, frozen=True):
    """Where to connect, and what to ask there; `path` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """As the header `Host` names it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _DEFAULT[self.scheme] else f"{shown}:{self.port}"

    @property
    def url(self) -> str:
        """As it is written again."""
        return f"{self.scheme}://{self.netloc}{self.path}"

    def join(self, link: str) -> str:
        """What a link that was found there leads to; raises `Refused`."""
        try:
            return urljoin(self.url, link.strip())
        except ValueError as error:
            raise Refused("not an address") from error


def parse(url: str, ports: Collection[int] | None) -> Target:
    """The parts of a link; raises `Refused`. Without `ports` any port will do."""
    if len(url) > MAX_URL or _UNSEEN.search(url):
        raise Refused("not an address")
    try:
        parts = urlsplit(url)
        port, host = parts.port, _ascii(parts.hostname or "")
    except ValueError as error:
        raise Refused("not an address") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT:
        raise Refused("only http and https")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise Refused("a name in the address")
    port = _DEFAULT[scheme] if port is None else port
    if port == 0 or (ports is not None and port not in ports):
        raise Refused("not a port of the web")
    path = quote(parts.path or "/", safe=_SAFE)
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return Target(scheme=scheme, host=host, port=port, path=path + query)


def _ascii(host: str) -> str:
    """A host as DNS has it, or an address of IPv6 without a zone."""
    if ":" in host:
        if not _NUMBERS.fullmatch(host):
            raise Refused("not a host")
        return host
    plain = host if host.isascii() else host[:254].encode("idna").decode()
    if not _HOST.fullmatch(plain.lower()):
        raise Refused("not a host")
    return plain.lower()
