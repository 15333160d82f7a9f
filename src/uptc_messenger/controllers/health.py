"""What operators and their machines ask."""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.connection import ASGIConnection
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from uptc_messenger.controllers import guards, openapi, origins, peers
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import NotFound, Problem, Unavailable

_FORWARDING: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_INSPECTORS: Final = frozenset({"owner", "admin"})


class Health(Record, frozen=True):
    status: str


@get("/healthz", operation_id="get_health", tags=["operations"])
async def live() -> Health:
    """The process answers."""
    return Health(status="ok")


@get("/readyz", operation_id="get_readiness", tags=["operations"])
async def ready(backend: Backend) -> Health:
    """This node wants requests: its database answers and it is not stopping."""
    if (obstacle := await backend.readiness.obstacle()) is not None:
        raise Unavailable(obstacle)
    return Health(status="ready")


@get("/metrics", operation_id="get_metrics", include_in_schema=False)
async def metrics(request: Request[Any, Any, Any], backend: Backend) -> Response[bytes]:
    """Figures for Prometheus."""
    await require_inspector(backend, request)
    text = generate_latest(backend.registry)
    return Response(content=text, media_type=CONTENT_TYPE_LATEST)


@get("/openapi.json", operation_id="get_openapi", include_in_schema=False)
async def document(request: Request[Any, Any, Any], backend: Backend) -> Response[bytes]:
    """The HTTP interface, for programs that generate clients or tests."""
    await require_inspector(backend, request)
    return Response(content=openapi.document(request.app), media_type="application/json")


async def require_inspector(backend: Backend, request: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Administrators, and whoever sits at the machine itself; nothing is here for anyone else.

    A request that a proxy forwarded comes from the loopback address too, so one with a
    forwarding header is not from the machine itself. Neither is one for a name of somebody
    else: a page whose name was pointed at this machine asks from here as well.
    """
    peer = request.client.host if request.client else ""
    here = peers.is_loopback(peer) and origins.is_loopback(request.headers.get("host", ""))
    if here and not any(name in request.headers for name in _FORWARDING):
        return
    try:
        who = await guards.authenticate(backend, request)
    except Problem as problem:
        raise NotFound("There is nothing at this address.") from problem
    if who.role not in _INSPECTORS:
        raise NotFound("There is nothing at this address.")


HANDLERS: Final = (live, ready, metrics, document)
