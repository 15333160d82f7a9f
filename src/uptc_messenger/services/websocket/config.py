"""The limits of a socket, and where the bus is."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from msgspec import Meta

from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Bytes, Count, Patience, Pause


class WebSocketConfig(Record, frozen=True):
    """Times in the unit of their name, sizes in bytes."""

    heartbeat_ms: Annotated[int, Meta(ge=2_000, le=3_600_000)] = 25_000
    """The server asks for a sign of life this often, 2000 at least; twice as long a silence ends a
    socket."""

    hello_timeout_s: Patience = 10.0
    """A socket that has not said `hello` by then is closed with 4002."""

    max_frame: Bytes = 65_536
    """An inbound message beyond it closes the socket with 1009."""

    soft_bytes: Bytes = 65_536
    """More than this waiting for one socket, and it gets heads instead of bodies."""

    hard_bytes: Bytes = 262_144
    """More than this waiting for one socket, and it is closed with 4008."""

    total_bytes: Bytes = 1 << 30
    """More than this waiting for all sockets, and new ones are refused."""

    stall_s: Patience = 30.0
    """A socket that takes nothing for this long is closed with 4008."""

    window_events: Count = 1_000
    """Objects that may be on their way unacknowledged before a session lags."""

    window_bytes: Bytes = 524_288
    """The same, in bytes."""

    max_sessions: Count = 20_000
    """Sockets of one process; beyond it `hello` is refused as `overloaded`."""

    hellos_per_s: Count = 300
    """Sessions that may begin in a second; beyond it `hello` is refused as `overloaded`."""

    max_user_sessions: Count = 50
    """Sockets of one user; beyond it `hello` ends with 4506."""

    max_in_flight: Count = 64
    """Commands of one socket under way; reading stops until some are answered."""

    head_every_s: Pause = 2.0
    """A chat that is not open says at most this often how far it has come."""

    offline_after_s: Pause = 30.0
    """A person whose last socket closed is shown online this much longer."""

    presence_every_s: Pause = 10.0
    """Other nodes hear of changes of one person's presence at most this often."""

    drain_s: Pause = 2.0
    """On shutdown the sockets are closed one by one over at least this window."""

    drain_per_s: Count = 500
    """On shutdown at most so many sockets a second are closed, for other nodes must take them."""

    drain_max_s: Pause = 120.0
    """On shutdown the last socket is closed after this time, however many there are."""


class BusConfig(Record, frozen=True):
    """How nodes wake each other, and how a node proves to the bus who it is."""

    url: str = "memory"
    """`memory` is a node by itself; `nats://host:4222`, or several with commas, is a cluster."""

    credentials: str = ""
    """File with a NATS user's JWT and key (.creds)."""

    nkey: str = ""
    """File with the seed of a NATS user's key."""

    ca: str = ""
    """File with the certificates that sign the bus's, where the system does not know them."""

    insecure: bool = False
    """Allows a bus on another machine without TLS, or without credentials."""

    queue_limit: Count = 10_000
    """Messages that may wait for the bus; beyond it they are dropped and read again later."""

    def __post_init__(self) -> None:
        if self.alone:
            return
        for server in self.servers:
            self._judge(urlsplit(server))

    @property
    def alone(self) -> bool:
        """Whether there are no other nodes."""
        return self.url == "memory"

    @property
    def servers(self) -> list[str]:
        """The addresses of the bus."""
        return [part.strip() for part in self.url.split(",") if part.strip()]

    def _judge(self, server: SplitResult) -> None:
        if server.scheme not in {"nats", "tls"} or not server.hostname:
            raise ValueError("bus is to be memory, nats://host:4222 or tls://host:4222")
        name = f"the bus {server.scheme}://{server.hostname}"
        if self.insecure or _is_loopback(server.hostname):
            return
        if server.scheme != "tls":
            raise ValueError(
                f"{name} would carry messages in the clear: use tls://, or allow it with "
                "bus_insecure"
            )
        if not (server.username or self.credentials or self.nkey):
            raise ValueError(
                f"{name} would let anybody in: give credentials, or allow it with bus_insecure"
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
