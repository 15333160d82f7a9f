"""Request → Principal: every door to the API passes here before its body is read."""

from typing import Any, Final

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from uptc_messenger.controllers import cookies, peers
from uptc_messenger.controllers.parameters import parameters_of
from uptc_messenger.controllers.state import Backend, backend_of
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.errors import Forbidden, SessionExpired, Unauthenticated

Connection = ASGIConnection[Any, Any, Any, Any]
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_PRINCIPAL: Final = "uptc.principal"


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of the whole API."""
    backend = backend_of(connection.scope)
    request: Request[Any, Any, Any] = Request(connection.scope)
    if request.method == "OPTIONS":
        # The framework's own answer, which methods there are: it has no parameters of ours.
        backend.limiter.take("anonymous", peers.limit_key(client_address(backend, request)))
        return
    parameters_of(handler.fn).check(request)
    check_origin(backend, request)
    if "principal" not in handler.parsed_fn_signature.parameters:
        # A handler with a limit of its own counts by what it is shown: a stranger's flood
        # must not keep out a neighbour who has an invitation, a code or a known device.
        if not handler.opt.get("own_limit"):
            backend.limiter.take("anonymous", peers.limit_key(client_address(backend, request)))
        return
    principal = await authenticate(backend, request)
    backend.limiter.take("other", principal.session_id)
    connection.scope["state"][_PRINCIPAL] = principal


def principal(request: Request[Any, Any, Any], backend: Backend) -> Principal:
    """The parameter `principal` of a handler: whom `admit` let in."""
    # Asking for `backend` puts the two parameters in an order. Without one the framework
    # makes tasks to find both at the same time, which costs more than a query.
    del backend
    found: Principal = request.scope["state"][_PRINCIPAL]
    return found


async def authenticate(backend: Backend, request: Connection) -> Principal:
    """Who sends this request; raises `Unauthenticated` or `SessionExpired`."""
    token = bearer(request) or cookies.token(request)
    if token is None:
        raise Unauthenticated
    return await backend.auth.authenticate(token)


async def recognised(backend: Backend, request: Connection) -> bool:
    """Whether this request would be admitted; without a token nothing is looked up."""
    try:
        await authenticate(backend, request)
    except (Unauthenticated, SessionExpired):
        return False
    return True


def bearer(request: Connection) -> str | None:
    """The token of a program."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def check_origin(backend: Backend, request: Connection) -> None:
    """Refuse a change that a foreign page asks for with somebody's cookie.

    A browser sends `Origin` with every request that changes something, a program need not.
    Without a cookie a foreign page can still try to log somebody in, so an `Origin` that is
    there must be ours. A bearer token is not sent by browsers on their own.
    """
    if _method(request) in _SAFE or bearer(request) is not None:
        return
    origin = request.headers.get("origin")
    if origin is None and cookies.token(request) is None:
        return
    if not backend.web.origins.may_act(origin, request.headers.get("host", "")):
        raise Forbidden("This page may not act here: its origin is not one of this server.")


def _method(request: Connection) -> str:
    scope: Any = request.scope
    return scope["method"]


def client_address(backend: Backend, request: Connection) -> str:
    """The address that limits count and logs name."""
    return backend.web.proxies.client_of(request.scope)
