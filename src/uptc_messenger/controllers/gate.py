"""The outermost shell: what holds for every answer, whoever gives it."""

import asyncio
import time
from typing import Any, Final

import msgspec
import structlog
from litestar import Litestar
from litestar.types import ASGIApp, Receive, Scope, Send

from uptc_messenger.controllers import problems
from uptc_messenger.controllers.advice import Advice
from uptc_messenger.controllers.methods import allowed
from uptc_messenger.controllers.origins import is_loopback
from uptc_messenger.controllers.state import Backend, lend
from uptc_messenger.models.errors import BadRequest, Problem, Unavailable
from uptc_messenger.toolkit.ids import uuid7
from uptc_messenger.toolkit.telemetry import HttpMetrics

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'"
)
_ALWAYS: Final = (
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self), payment=(), usb=()"),
)
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_NO_STORE: Final = (b"cache-control", b"no-store")
_NO_CONTENT: Final = 204
_OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_API: Final = ("/api/", "/mail/")
_API_PATHS: Final = _OPERATIONS | {"/openapi.json"}
NOT_HERE: Final = "This node serves no HTTP interface: its roles do not include api."
STOPPING: Final = "This node is stopping. Ask again in a moment."
_log = structlog.get_logger(__name__)


class Gate:
    """Checks the host, hands on to the API or to the static files, adds headers, counts.

    Whatever fails behind it becomes an answer: a connection is never just cut.
    """

    def __init__(self, api: Litestar, public: ASGIApp, backend: Backend) -> None:
        self._api = api
        self._public = public
        self._backend = backend
        self._metrics = HttpMetrics(backend.registry)
        self._advice = Advice(backend.web)
        self._secure = backend.web.public_url.startswith("https://")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send, self._headers(scope))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request_id=answer.request_id, peer=self._backend.web.proxies.client_of(scope)
        )
        started = time.perf_counter()
        try:
            await self._handle(scope, receive, answer)
        except asyncio.CancelledError:
            # This node stops, and whoever asked is not done with asking.
            await answer.stop()
        except Exception as error:  # noqa: BLE001 - the last resort
            _log.error("a request failed", path=scope["path"], exc_info=error)
            await answer.fail()
        finally:
            self._observe(scope, answer.status, time.perf_counter() - started)

    async def _handle(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if (refused := self._check_host(scope)) is not None:
            if refused[1] is None or not await self._advice.misdirect(scope, answer.send):
                await answer.refuse(*refused)
        elif "api" not in self._backend.roles and scope["path"] not in _OPERATIONS:
            await answer.refuse(Unavailable(NOT_HERE), None)
        elif self._advice.is_needed(scope):
            await self._advice.show(answer.send)
        elif (methods := self._asked_for_methods(scope)) is not None:
            await answer.methods(methods)
        elif scope["path"].startswith(_API) or scope["path"] in _API_PATHS:
            lend(scope, self._backend)
            await self._api(scope, receive, answer.send)
        else:
            await self._public(scope, receive, answer.send)

    def _headers(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
        """HSTS holds for every port of a host, so it is never said of a laptop's own name."""
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        here = is_loopback(host.decode("latin-1"))
        return (*_ALWAYS, _HSTS) if self._secure and not here else _ALWAYS

    def _asked_for_methods(self, scope: Scope) -> list[str] | None:
        about: Any = scope
        return allowed(self._api, about["path"]) or None if about["method"] == "OPTIONS" else None

    def _check_host(self, scope: Scope) -> tuple[Problem, int | None] | None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            return BadRequest("A request names exactly one host."), None
        if not self._backend.web.origins.serves(hosts[0]) and not is_loopback(hosts[0]):
            sentence = "This server does not answer for this host."
            return BadRequest(sentence), problems.MISDIRECTED
        return None

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        about: Any = scope
        route = about.get("path_template") or "static"
        self._metrics.observe(about["method"], route, status, seconds)
        _log.debug(
            "answered",
            method=about["method"],
            route=route,
            status=status,
            seconds=round(seconds, 4),
        )


class _Answer:
    """One answer on its way out."""

    def __init__(self, send: Send, headers: tuple[tuple[bytes, bytes], ...]) -> None:
        self._send = send
        self._headers = headers
        self.request_id = uuid7()
        self.status = 0

    async def send(self, message: Any) -> None:  # noqa: ANN401 - an ASGI message
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": self._complete(list(message["headers"]))}
        await self._send(message)

    async def methods(self, methods: list[str]) -> None:
        """Answer which methods there are."""
        fields = [(b"allow", ", ".join(methods).encode())]
        await self.send({"type": "http.response.start", "status": _NO_CONTENT, "headers": fields})
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def refuse(self, problem: Problem, status: int | None) -> None:
        """Answer with a refusal of our own."""
        document = problems.details(problem, status)
        await self._problem(document)

    async def fail(self) -> None:
        """Answer that it was our fault; what has begun cannot be taken back."""
        if self.status == 0:
            await self._problem(problems.internal_details())

    async def stop(self) -> None:
        """Answer that there is no more time; what has begun cannot be taken back."""
        if self.status == 0:
            await self.refuse(Unavailable(STOPPING), None)

    async def _problem(self, document: problems.ProblemDetails) -> None:
        content = msgspec.json.encode(document)
        fields = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(content)).encode()),
        ]
        await self.send(
            {"type": "http.response.start", "status": document.status, "headers": fields}
        )
        await self.send({"type": "http.response.body", "body": content, "more_body": False})

    def _complete(self, fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = {name.lower() for name, _ in fields}
        fields += [(name, value) for name, value in self._headers if name not in given]
        if b"cache-control" not in given:
            fields.append(_NO_STORE)
        fields.append((b"x-request-id", self.request_id.encode()))
        return fields
