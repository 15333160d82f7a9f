"""A table of a running cluster: nodes, connections, rates and lag."""

import asyncio
import re
import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.database.dialing import Refused

_PATIENCE_S: Final = 0.5
_LIMIT: Final = 1 << 20
_FIGURE: Final = re.compile(rb"^(?:uptc_)?([a-z_]+?)(?:_total)? ([0-9.e+]+)\r?$", re.MULTILINE)
HEAD: Final = ("part", "state", "at", "sockets", "writes/s", "frames/s", "queue", "ways")
_LAG: Final = (
    "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)), 0)::bigint "
    "FROM pg_stat_replication"
)
_SHORT: Final = {"database": "db"}
_THOUSAND: Final = 1024
Figures = dict[str, float]


class Status:
    """Remembers the last figures, so that the next table has rates."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._before: dict[str, tuple[float, Figures]] = {}

    async def table(self) -> str:
        """The state now, to be read; rates are since the last call."""
        return aligned([HEAD, *await self.rows()])

    async def rows(self) -> list[tuple[str, ...]]:
        """The same as cells: a row for each part, its name and its state first."""
        nodes = await asyncio.gather(*map(self._node, self._cluster.nodes))
        return [*nodes, *await self._databases(), *self._bus()]

    async def _node(self, node: Node) -> tuple[str, ...]:
        now, figures = time.monotonic(), await read_figures(node.address) if node.alive else {}
        then, before = self._before.get(node.name, (now, figures))
        self._before[node.name] = (now, figures)

        def rate(name: str) -> str:
            span = now - then
            change = figures.get(name, 0) - before.get(name, 0)
            return f"{change / span:,.0f}" if span and change >= 0 else "-"

        return (
            node.name,
            self._state(node),
            _port(node.address),
            f"{figures.get('sockets', 0):,.0f}",
            rate("database_commands"),
            rate("frames_delivered"),
            f"{figures.get('database_commands_waiting', 0):,.0f}",
            _ways(node),
        )

    def _state(self, node: Node) -> str:
        if not node.alive:
            return "dead"
        if node.running.paused:
            return "paused"
        ready = {b.name for b in self._cluster.front.backends if b.ready}
        return "ready" if node.name in ready else "not ready"

    async def _databases(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for index, server in enumerate(self._cluster.postgres):
            state = "dead" if not server.alive else ("primary", "standby")[index]
            lag = f"-{_size(await self._lag())}" if index and server.alive else ""
            rows.append((server.name, state, lag, "", "", "", "", ""))
        return rows

    async def _lag(self) -> int:
        try:
            return (await self._cluster.postgres[0].execute(_LAG))[0][0]
        except Refused:
            return 0

    def _bus(self) -> list[tuple[str, ...]]:
        nats = self._cluster.nats
        if nats is None:
            return []
        return [("nats", "runs" if nats.alive else "dead", f":{nats.port}", *[""] * 5)]


def _ways(node: Node) -> str:
    cut = [what for what in node.links if not node.whole(what)]
    return f"no {' '.join(_SHORT.get(what, what) for what in cut)}" if cut else "open"


def _port(address: str) -> str:
    port = urlsplit(address).port
    return "" if port is None else f":{port}"


def _size(number: int) -> str:
    for unit in ("B", "KB", "MB"):
        if number < _THOUSAND:
            return f"{number} {unit}"
        number //= _THOUSAND
    return f"{number} GB"


async def read_figures(address: str) -> Figures:
    """What a node counts, by name; empty where it does not answer."""
    where = urlsplit(address)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            page = await reader.read(_LIMIT)
            while part := await reader.read(_LIMIT):
                page += part
            writer.close()
    except (OSError, TimeoutError):
        return {}
    return {name.decode(): float(value) for name, value in _FIGURE.findall(page)}


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
