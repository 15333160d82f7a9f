"""The bus as NATS core: many nodes. The only file that imports nats.

nats-py gives each subscription a queue and a task; a node has one for each person who is
here. `_Client` hands a message over when it has been read instead: whoever hears it never
waits, and a node that is too slow is cut off by the server and then compares.
"""

import asyncio
import random
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import structlog
from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import Error

from uptc_messenger.services.websocket.broker import MAX_PAYLOAD, BusError, Listener
from uptc_messenger.services.websocket.config import BusConfig
from uptc_messenger.services.websocket.nkeys import read_credentials, read_nkey
from uptc_messenger.toolkit.tasks import TaskGroup

_CONNECT_S: Final = 5.0
_FLUSH_S: Final = 2.0
_LEAVE_S: Final = 0.5
_PING_S: Final = 2
_WAIT_S: Final = (0.1, 1.0)
_log = structlog.get_logger(__name__)
Heard = Callable[[str, bytes], None]


class _Link(Protocol):
    """What is used of a client, typed in full."""

    @property
    def is_connected(self) -> bool: ...
    async def subscribe(self, subject: str) -> Subscription: ...
    async def publish(self, subject: str, payload: bytes) -> None: ...
    async def flush(self) -> None: ...
    async def close(self) -> None: ...


class _Client(Client):
    """Hands each message to one function, without a queue for each subscription."""

    def __init__(self, heard: Heard, who: "_Who") -> None:
        super().__init__()
        self._heard = heard
        self._public_nkey = who.public
        # It does not sign by itself where it has only functions that would.
        self._auth_configured = bool(who.callbacks)

    async def _process_msg(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes
    ) -> None:
        del sid, reply, headers
        self._heard(subject.decode(), data)


@dataclass(frozen=True, slots=True)
class _Who:
    """How this node proves who it is; what stands in an address needs nothing more."""

    public: str | None
    callbacks: dict[str, Any]


class NatsBroker:
    """One node's link to a NATS cluster; `open` it before use."""

    def __init__(self, config: BusConfig, listener: Listener) -> None:
        self._config = config
        self._listener = listener
        self._tasks = TaskGroup("bus")
        self._queue: deque[tuple[str, bytes | None]] = deque()
        self._work = asyncio.Event()
        self._wanted: set[str] = set()
        self._subscriptions: dict[str, Subscription] = {}
        self._client: _Link | None = None
        self._complaint: Exception | None = None
        self._closing = False
        self.scope = ""
        """Goes before every subject: installations that share a bus do not hear each other."""

        self.up = False
        self.dropped = 0

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def publish(self, subject: str, payload: bytes) -> bool:
        if not self.up:
            return False
        if len(self._queue) >= self._config.queue_limit or len(payload) > MAX_PAYLOAD:
            self.dropped += 1
            return False
        self._put(subject, payload)
        return True

    def subscribe(self, subject: str) -> None:
        self._wanted.add(subject)
        self._put(subject, None)

    def unsubscribe(self, subject: str) -> None:
        self._wanted.discard(subject)
        self._put(subject, None)

    async def open(self) -> None:
        """Connect; raises `BusError` where that fails, and never gives up afterwards."""
        failure = await self._connect()
        if failure is not None:
            raise BusError(f"The bus {self._names()} cannot be used: {failure}.")
        self._tasks.start("link", self._run())

    async def close(self) -> None:
        self._closing = True
        self._work.set()
        await self._tasks.drain(_FLUSH_S)
        await self._tasks.close()
        self.up = False
        if self._client is not None:
            await self._client.close()

    def _put(self, subject: str, payload: bytes | None) -> None:
        self._queue.append((subject, payload))
        self._work.set()

    def _hear(self, subject: str, payload: bytes) -> None:
        if not self._closing:
            self._listener.heard(subject.removeprefix(self.scope), payload)

    async def _run(self) -> None:
        while self._client is not None:
            await self._resubscribe(self._client)
            await self._pump(self._client)
            if self._closing:
                return
            self._set(up=False)
            await self._reconnect()

    async def _reconnect(self) -> None:
        failure: str | None = "lost"
        while failure is not None:
            await asyncio.sleep(random.uniform(*_WAIT_S))  # noqa: S311 - not a secret
            failure = await self._connect()

    async def _connect(self) -> str | None:
        """Try each server once; answers why none can be used."""
        failure: str | None = "it has no address"
        try:
            who, trusted = self._who(), self._trusted()
        except BusError as error:
            return str(error).rstrip(".")
        for server in random.sample(self._config.servers, len(self._config.servers)):
            client, self._complaint = _Client(self._hear, who), None
            options = {**self._options(server, trusted), **who.callbacks}
            failure = await self._try(client, server, options)
            if failure is None:
                self._client = client
                return None
            # A TLS that was broken off is never closed as far as its transport knows.
            with suppress(TimeoutError):
                async with asyncio.timeout(_LEAVE_S):
                    await client.close()
        return failure

    async def _try(self, client: _Client, server: str, options: dict[str, Any]) -> str | None:
        try:
            async with asyncio.timeout(_CONNECT_S):
                await client.connect(server, **options)
        except TimeoutError:
            return "it does not answer"
        except (Error, OSError, ValueError) as error:
            return _words(self._complaint or client.last_error or error)
        return None

    def _options(self, server: str, trusted: ssl.SSLContext | None) -> dict[str, Any]:
        secure = urlsplit(server).scheme == "tls"
        return {
            "allow_reconnect": False,
            "max_reconnect_attempts": 1,
            "reconnect_time_wait": 0,
            "connect_timeout": _CONNECT_S,
            "no_echo": True,
            "ping_interval": _PING_S,
            "max_outstanding_pings": 2,
            "flush_timeout": _FLUSH_S,
            "skip_subject_validation": True,
            "closed_cb": self._closed,
            "error_cb": self._failed,
            "tls": trusted if secure else None,
        }

    def _trusted(self) -> ssl.SSLContext | None:
        ca = self._config.ca
        if not any(urlsplit(server).scheme == "tls" for server in self._config.servers):
            return None
        try:
            return ssl.create_default_context(cafile=ca or None)
        except OSError as error:
            raise BusError(f"bus_ca {ca} cannot be read: {error.strerror or error}.") from error

    def _who(self) -> "_Who":
        # Read each time: whoever renews a file need not restart the node.
        if self._config.credentials:
            jwt, key = read_credentials(self._config.credentials)
            return _Who(None, {"user_jwt_cb": jwt.encode, "signature_cb": key.sign})
        if self._config.nkey:
            key = read_nkey(self._config.nkey)
            return _Who(key.public, {"signature_cb": key.sign})
        return _Who(None, {})

    async def _resubscribe(self, client: _Link) -> None:
        self._queue.clear()
        self._subscriptions.clear()
        try:
            for subject in tuple(self._wanted):
                self._subscriptions[subject] = await client.subscribe(self.scope + subject)
            await client.flush()
        except (Error, OSError, TimeoutError) as error:
            _log.warning("the bus was lost at once", reason=type(error).__name__)
            return
        self._set(up=True)

    async def _pump(self, client: _Link) -> None:
        while client.is_connected and not (self._closing and not self._queue):
            if not self._queue:
                self._work.clear()
                await self._work.wait()
                continue
            subject, payload = self._queue.popleft()
            try:
                await self._hand_over(client, subject, payload)
            except (Error, OSError, TimeoutError) as error:
                self.dropped += 1
                _log.warning("the bus did not take a message", reason=type(error).__name__)

    async def _hand_over(self, client: _Link, subject: str, payload: bytes | None) -> None:
        if payload is not None:
            await client.publish(self.scope + subject, payload)
            return
        # What is wanted now counts: it may have changed since this was queued.
        if subject not in self._wanted:
            if (known := self._subscriptions.pop(subject, None)) is not None:
                await known.unsubscribe()
        elif subject not in self._subscriptions:
            self._subscriptions[subject] = await client.subscribe(self.scope + subject)

    async def _closed(self) -> None:
        self._work.set()

    async def _failed(self, error: Exception) -> None:
        self._complaint = error
        if self.up:
            _log.warning("the bus complains", reason=type(error).__name__)

    def _set(self, *, up: bool) -> None:
        if up is not self.up:
            self.up = up
            if up:
                _log.info("the bus is there", bus=self._names())
            else:
                _log.warning("the bus is away", bus=self._names())
            self._listener.linked(up=up)

    def _names(self) -> str:
        parts = [urlsplit(server) for server in self._config.servers]
        return ", ".join(f"{part.hostname}:{part.port or 4222}" for part in parts)


def _words(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, ssl.SSLCertVerificationError):
        why = error.verify_message.rstrip(".")
        return f"its certificate is refused ({why}); bus_ca names those to trust"
    return str(error).removeprefix("nats: ").rstrip(".") or type(error).__name__
