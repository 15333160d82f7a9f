"""Which upgrade requests become sockets: path, host, origin, subprotocol."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from websockets.datastructures import Headers
from websockets.extensions.permessage_deflate import (
    PerMessageDeflate,
    ServerPerMessageDeflateFactory,
)
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from uptc_messenger.controllers.cookies import LOOPBACK_SESSION, SESSION
from uptc_messenger.controllers.origins import Origins, is_loopback
from uptc_messenger.models.base import Record
from uptc_messenger.services.websocket.session import SUBPROTOCOL

PATH: Final = "/api/v1/ws"
ECHO_PATH: Final = "/echo"
ECHO_MAX_BYTES: Final = 16 * 1024 * 1024
NOT_HERE: Final = "This node serves no sockets: its roles do not include gateway."
_WINDOW: Final = 15


class Refusal(Record, frozen=True):
    """An upgrade that is answered in HTTP."""

    status: HTTPStatus
    sentence: str


class Admission(Record, frozen=True):
    """An upgrade that may go on; `token` is the cookie's, `versioned` that we speak its version."""

    echo: bool
    versioned: bool
    token: str | None
    host: str


def make_protocol(max_frame: int) -> ServerProtocol:
    """The server's half of RFC 6455, without I/O."""
    deflate = ServerPerMessageDeflateFactory(
        server_no_context_takeover=True, client_no_context_takeover=True
    )
    return ServerProtocol(extensions=[deflate], select_subprotocol=_choose, max_size=max_frame)


def judge(
    request: Request, origins: Origins, *, echo: bool, serving: bool = True
) -> Admission | Refusal:
    """Decide on an upgrade request before it is answered."""
    path = request.path.partition("?")[0]
    headers = request.headers
    host = _only(headers, "Host") or ""
    if path not in ({PATH, ECHO_PATH} if echo else {PATH}):
        return Refusal(status=HTTPStatus.NOT_FOUND, sentence="There is no socket here.")
    if not origins.serves(host):
        return Refusal(status=HTTPStatus.MISDIRECTED_REQUEST, sentence="This host is not served.")
    if not serving:
        return Refusal(status=HTTPStatus.SERVICE_UNAVAILABLE, sentence=NOT_HERE)
    token = _cookie(headers, host)
    # A browser adds the cookie to a foreign page's socket too; only the Origin tells it apart.
    if token is not None and not origins.may_act(_only(headers, "Origin"), host):
        return Refusal(status=HTTPStatus.FORBIDDEN, sentence="This page may not act here.")
    return Admission(echo=path == ECHO_PATH, versioned=_versioned(headers), token=token, host=host)


def deflates(protocol: ServerProtocol) -> bool:
    """Whether frames that are compressed once for everybody fit this socket."""
    return any(
        isinstance(extension, PerMessageDeflate) and extension.local_max_window_bits == _WINDOW
        for extension in protocol.extensions
    )


def _choose(protocol: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    del protocol
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None


def _versioned(headers: Headers) -> bool:
    offered = [
        name.strip()
        for line in headers.get_all("Sec-WebSocket-Protocol")
        for name in line.split(",")
    ]
    return not offered or SUBPROTOCOL in offered


def _only(headers: Headers, name: str) -> str | None:
    values = headers.get_all(name)
    return values[0] if len(values) == 1 else None


def _cookie(headers: Headers, host: str) -> str | None:
    wanted = LOOPBACK_SESSION if is_loopback(host) else SESSION
    for line in headers.get_all("Cookie"):
        for pair in line.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted and value:
                return value.strip('"')
    return None
