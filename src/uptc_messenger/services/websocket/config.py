"""The limits of a socket."""

from typing import Annotated

from msgspec import Meta

from uptc_messenger.models.base import Record


class WebSocketConfig(Record, frozen=True):
    """Times in the unit of their name, sizes in bytes."""

    heartbeat_ms: Annotated[int, Meta(ge=2_000)] = 25_000
    """The server asks for a sign of life this often, 2000 at least; twice as long a silence ends a
    socket."""

    hello_timeout_s: float = 10.0
    """A socket that has not said `hello` by then is closed with 4002."""

    max_frame: int = 65_536
    """An inbound message beyond it closes the socket with 1009."""

    soft_bytes: int = 65_536
    """More than this waiting for one socket, and it gets heads instead of bodies."""

    hard_bytes: int = 262_144
    """More than this waiting for one socket, and it is closed with 4008."""

    total_bytes: int = 1 << 30
    """More than this waiting for all sockets, and new ones are refused."""

    stall_s: float = 30.0
    """A socket that takes nothing for this long is closed with 4008."""

    window_events: int = 1_000
    """Objects that may be on their way unacknowledged before a session lags."""

    window_bytes: int = 524_288
    """The same, in bytes."""

    max_sessions: int = 20_000
    """Sockets of one process; beyond it `hello` is refused as `overloaded`."""

    max_user_sessions: int = 50
    """Sockets of one user; beyond it `hello` ends with 4506."""

    max_in_flight: int = 64
    """Commands of one socket under way; reading stops until some are answered."""

    head_every_s: float = 2.0
    """A chat that is not open says at most this often how far it has come."""

    offline_after_s: float = 30.0
    """A person whose last socket closed is shown online this much longer."""

    drain_s: float = 2.0
    """On shutdown the sockets are closed one by one over this window."""
