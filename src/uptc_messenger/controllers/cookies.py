"""The cookie of a browser's session."""

from typing import Any, Final, Literal

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from uptc_messenger.controllers.origins import is_loopback

SESSION: Final = "__Host-session"
LOOPBACK_SESSION: Final = "session"
DEVICE: Final = "__Host-device"
LOOPBACK_DEVICE: Final = "device"
Connection = ASGIConnection[Any, Any, Any, Any]
Kind = Literal["session", "device"]
_NAMES: Final[dict[Kind, tuple[str, str]]] = {
    "session": (LOOPBACK_SESSION, SESSION),
    "device": (LOOPBACK_DEVICE, DEVICE),
}


def token(request: Connection) -> str | None:
    """The session token in the cookie of this host."""
    return read(request, "session")


def read(request: Connection, kind: Kind) -> str | None:
    """The value of a cookie of ours in this request."""
    headers = request.headers
    return find(kind, headers.get("cookie", ""), headers.get("host", ""))


def find(kind: Kind, header: str, host: str) -> str | None:
    """The value of a cookie in a `Cookie` header; the plain name counts on loopback only."""
    wanted = name(kind, host)
    for pair in header.split(";"):
        key, _, value = pair.strip().partition("=")
        if key == wanted:
            return value.strip('"') or None
    return None


def name(kind: Kind, host: str) -> str:
    """`__Host-` keeps subdomains from setting it, and needs TLS, which loopback does not have."""
    plain, prefixed = _NAMES[kind]
    return plain if is_loopback(host) else prefixed


def make(request: Connection, kind: Kind, value: str, seconds: int | None) -> Cookie:
    """A cookie for as long as the thing in it lives; with 0 seconds the browser forgets it.

    With None it forgets it when it is closed.
    """
    host = request.headers.get("host", "")
    return Cookie(
        key=name(kind, host),
        value=value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=not is_loopback(host),
    )
