"""A connection to the primary of a PostgreSQL, whichever of its servers that is today."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import asyncpg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from uptc_messenger.database.address import Host, hosts

_PATIENCE_S: Final = 2.0
"""How long one server may take to let us in, before the next is tried."""

_OURS: Final = ("host", "port", "user", "password", "database", "dsn")
_KEEPALIVE: Final = {
    # A server that lost us gives our locks back within seconds, not after two hours.
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "jit": "off",
}
# Not a start-up parameter: PostgreSQL 15 and 16 do not know it.
_NEWER: Final = (
    "SELECT set_config(name, '{}', false) FROM pg_settings WHERE name = 'transaction_timeout'"
)
Warned = Callable[[str], None]


class Raw(Protocol):
    """A connection of asyncpg, which has no types of its own."""

    async def execute(self, query: str) -> str: ...
    async def fetch(self, query: str, *values: Any) -> list[Any]: ...  # noqa: ANN401
    async def fetchval(self, query: str) -> Any: ...  # noqa: ANN401
    async def prepare(self, query: str) -> Any: ...  # noqa: ANN401
    async def close(self, *, timeout: float | None = None) -> None: ...  # noqa: ASYNC109
    def terminate(self) -> None: ...
    def add_log_listener(self, callback: Callable[[object, Any], None]) -> None: ...


connect: Final[Callable[..., Awaitable[Raw]]] = vars(asyncpg)["connect"]
Refused: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)
"""What dialling may end with."""


class NotPrimary(ConnectionError):
    """The server answers, and is a standby of another."""


class Dialer:
    """Makes connections with these limits; remembers which server was the primary."""

    def __init__(self, url: sa.URL, name: str, limits: Mapping[str, str]) -> None:
        self._url = url
        self._hosts = list(hosts(url))
        self._settings = {**_KEEPALIVE, "application_name": f"uptc-messenger {name}", **limits}
        self._longest = self._settings.pop("transaction_timeout", "0")
        self.warned: Warned = lambda _: None
        """Told of every warning of the server."""

    async def __call__(self) -> Raw:
        """Connect to the first server that is the primary; raises one of `Refused`."""
        failures: list[BaseException] = []
        for host in list(self._hosts):
            try:
                connection = await self._dial(host)
            except Refused as error:
                failures.append(error)
                continue
            self._hosts.remove(host)
            self._hosts.insert(0, host)
            return connection
        # That one of them is no primary is no news where the one that may be does not answer.
        telling = (error for error in failures if not isinstance(error, NotPrimary))
        raise next(telling, failures[0])

    async def _dial(self, host: Host) -> Raw:
        async with asyncio.timeout(_PATIENCE_S):
            try:
                connection = await connect(
                    self._dsn(),
                    host=host[0],
                    port=host[1],
                    server_settings=self._settings,
                    **({} if "target_session_attrs" in self._url.query else _PRIMARY),
                )
            except asyncpg.TargetServerAttributeNotMatched as error:
                # Of no kind that its own base classes would tell from a bug.
                raise NotPrimary(
                    "it is a standby, and none of the servers is the primary"
                ) from error
            try:
                await connection.execute(_NEWER.format(self._longest))
            except BaseException:
                # Whoever asked has gone or is out of patience: nobody else knows of it.
                connection.terminate()
                raise
        connection.add_log_listener(self._listen)
        return connection

    def _dsn(self) -> str:
        url = self._url.set(drivername="postgresql", host=None, port=None)
        return url.difference_update_query(["host", "port"]).render_as_string(hide_password=False)

    def _listen(self, connection: object, message: Any) -> None:  # noqa: ANN401 - untyped there
        del connection
        if message.severity_en == "WARNING":
            self.warned(message.message)


_PRIMARY: Final[dict[str, Any]] = {"target_session_attrs": "primary"}


def engine_at_primary(url: sa.URL, name: str, **options: Any) -> AsyncEngine:  # noqa: ANN401
    """Connections to the primary of these servers, without limits on time."""
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query={}),
        async_creator=Dialer(url, name, {}),
        hide_parameters=True,
        json_deserializer=str,  # our own column type reads it, as on SQLite
        **options,
    )
