"""Where and how this server is reached: the socket, the address, TLS, origins and proxies."""

import asyncio
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, cast
from urllib.parse import urlsplit

import structlog
import uvicorn
from prometheus_client import CollectorRegistry

from uptc_messenger.controllers.gateway import Gateway
from uptc_messenger.controllers.origins import Origins
from uptc_messenger.controllers.patience import LOOK_S, Endings, Patient, look
from uptc_messenger.controllers.peers import Proxies
from uptc_messenger.controllers.readiness import Readiness
from uptc_messenger.controllers.state import WebConfig, Whereabouts
from uptc_messenger.settings import ServerConfig, SettingsError
from uptc_messenger.toolkit.certificates import CertificateError, Certificates, Files

PUBLIC: Final = Path(__file__).parent / "public"
BACKLOG: Final = 4096
_GRACE_S: Final = 10
_KEPT_S: Final = 75
"""A connection without a request: longer than proxies keep theirs to us (60 s, mostly).

Whoever closes first never sends into a closed connection; and a phone on a bad line need not
greet anew, three round trips, for each page that it scrolls to.
"""
_TICKS_OF_A_LOOK: Final = round(LOOK_S / 0.1)
"""The HTTP server's main loop ticks every tenth of a second."""
_log = structlog.get_logger(__name__)


def bind(config: ServerConfig) -> socket.socket:
    """A listening socket; the port is known before the first request can come."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    return socket.create_server((config.host, config.port), family=family, backlog=BACKLOG)


def address_of(config: ServerConfig, port: int) -> str:
    """The address that a person on this machine opens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)
    scheme = "https" if config.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def certificates(config: ServerConfig) -> Certificates | None:
    """The certificate, where TLS is ours; `SettingsError` where it cannot be used."""
    if not config.tls_cert:
        return None
    host = urlsplit(config.public_url).hostname or ""
    try:
        return Certificates(Files(Path(config.tls_cert), Path(config.tls_key)), host)
    except CertificateError as error:
        raise SettingsError(str(error)) from error


def web_config(config: ServerConfig) -> WebConfig:
    """What controllers know of it."""
    public_url = config.public_url.rstrip("/")
    return WebConfig(
        origins=Origins([*([public_url] if public_url else []), *config.origins]),
        proxies=Proxies(config.trusted_proxy),
        public_url=public_url,
        where=Whereabouts(public_url),
        public=PUBLIC,
    )


def server_config(
    config: ServerConfig,
    app: Callable[..., Any],
    gateway: Gateway,
    registry: CollectorRegistry,
    tls: Certificates | None,
) -> uvicorn.Config:
    """The HTTP server without its logs, headers and proxies: those are ours."""
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        # Whatever makes an asyncio protocol from these arguments serves as its class.
        http=cast("type[asyncio.Protocol]", partial(Patient, Endings(registry))),
        ws=cast("type[asyncio.Protocol]", gateway.link),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ssl_context_factory=None if tls is None else tls.for_server,
        backlog=BACKLOG,
        timeout_keep_alive=_KEPT_S,
        timeout_graceful_shutdown=_GRACE_S,
    )


class Server(uvicorn.Server):
    """Says when it listens, and stops asking for requests before it stops answering them."""

    def __init__(self, config: uvicorn.Config, readiness: Readiness, gateway: Gateway) -> None:
        super().__init__(config)
        self._readiness = readiness
        self._gateway = gateway
        self._told_by: str | None = None
        self.when_started: Callable[[], None] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.when_started()

    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_OF_A_LOOK == 0:
            look(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        _log.info("stopping", signal=self._told_by)
        for server in self.servers:
            server.close()
        await self._gateway.drain()
        await super().shutdown(sockets)

    def stop(self) -> None:
        """As a signal does."""
        self._readiness.drain()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Nothing is logged here: a line may be under way in this very thread, with the lock of the
        # log held, and the server would wait for itself and never stop.
        self._readiness.drain()
        self._told_by = signal.Signals(sig).name
        super().handle_exit(sig, frame)
