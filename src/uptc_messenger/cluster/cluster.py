"""A whole cluster: its parts, how they are started, and what can be done to them."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from uptc_messenger.cluster.front import Backend, Front
from uptc_messenger.cluster.links import Link, Place
from uptc_messenger.cluster.nats import Nats
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.cluster.postgres import DATABASE, Postgres
from uptc_messenger.cluster.processes import ClusterError, Processes

PREFIX: Final = "uptc-cluster-"
ROLES: Final = ("gateway", "api", "worker")
_SOCKET: Final = ".s.PGSQL.5432"
_ATTEMPTS: Final = 200
_STEP_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start; servers that are named run already and are left alone."""

    nodes: int = 3
    port: int = 0
    data: Path | None = None
    """Where it is kept; None is a temporary folder."""

    database: str | None = None
    bus: str | None = None
    standby: bool = False
    """A second PostgreSQL that every commit waits for."""

    split: bool = False
    """Each node has one role, instead of all of them."""

    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further settings of the nodes."""


class Cluster:
    """Starts with `open`, ends with `close`; both may be called once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        names = named(plan.nodes, split=plan.split)
        self.processes = Processes()
        self.run = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.geteuid()}-"))
        self.run.chmod(0o711)  # whoever runs PostgreSQL for root goes through
        self.data = (plan.data or self.run / "data").absolute()
        self.postgres: list[Postgres] = []
        self.nats: Nats | None = None
        self.nodes = [Node(name, self.run / name, self.processes, roles) for name, roles in names]
        self.front = Front([Backend(n.name, _address(n), roles=n.roles) for n in self.nodes])
        self._links: list[Link] = []
        self.owner_link: str | None = None
        """Where the owner is made, once; None where there is one."""

    async def open(self) -> None:
        """Start everything; returns once every node is ready."""
        await self.processes.open()
        self.processes.remove_later(self.run)
        if not self.data.exists():
            self.data.mkdir(parents=True, mode=0o711)
        await self.front.open(self.plan.port)
        await asyncio.gather(self._start_database(), self._start_bus())
        for node in self.nodes:
            await self._connect(node)
        # The first brings the schema up to date; the others find it so.
        await self.nodes[0].start()
        # Each that has the client hands out a link for the owner, and the last one is good.
        *others, last = sorted(self.nodes[1:], key=_shows_the_client) or [None]
        await asyncio.gather(*(node.start() for node in others if node is not None))
        if last is not None:
            await last.start()
        self.owner_link = (last or self.nodes[0]).owner_link
        self.front.watch()
        await self.ready()

    async def ready(self) -> None:
        """Wait until the front reaches every node that runs."""
        for _ in range(_ATTEMPTS):
            backends = zip(self.front.backends, self.nodes, strict=True)
            if all(backend.ready or not node.alive for backend, node in backends):
                return
            await asyncio.sleep(_STEP_S)
        raise ClusterError(f"Not every node became ready; their logs are in {self.run}.")

    async def close(self) -> None:
        """Stop everything that was started, and remove what was temporary."""
        for link in self._links:
            link.heal()
        for node in self.nodes:
            if node.alive:
                node.running.resume()
        await asyncio.gather(*(node.stop() for node in self.nodes if node.alive))
        await self.front.close()
        for link in self._links:
            await link.close()
        await self.processes.close()
        shutil.rmtree(self.run, ignore_errors=True)

    def part(self, name: str) -> Node | Postgres | Nats:
        """The part of a name; raises `ClusterError`, which lists those there are."""
        parts: dict[str, Node | Postgres | Nats] = {node.name: node for node in self.nodes}
        parts |= {server.name: server for server in self.postgres}
        if self.nats is not None:
            parts["nats"] = self.nats
        if name not in parts:
            raise ClusterError(f"There is no {name} here, only {', '.join(parts)}.")
        return parts[name]

    def node(self, name: str) -> Node:
        """The node of a name; raises `ClusterError`."""
        part = self.part(name)
        if not isinstance(part, Node):
            raise ClusterError(f"{name} is not a node.")
        return part

    def describe(self) -> dict[str, Any]:
        """What a program needs to use it."""
        return {
            "address": self.front.address,
            "owner_link": self.owner_link,
            "nodes": [
                {"name": node.name, "address": node.address, "pid": node.running.pid}
                for node in self.nodes
            ],
            "database": self.database_url(),
            "bus": self.plan.bus or (self.nats.url() if self.nats else "memory"),
        }

    def database_url(self) -> str:
        """The database past every link."""
        if self.plan.database:
            return self.plan.database
        hosts = "&".join(f"host={server.home}" for server in self.postgres)
        return f"postgresql://postgres:{self.postgres[0].password}@/{DATABASE}?{hosts}"

    async def failover(self) -> None:
        """Kill the primary and make one of its standby; raises `ClusterError` without one."""
        if not any(server.alive for server in self.postgres[1:]):
            raise ClusterError("There is no standby; start the cluster with --standby.")
        primary, standby = self.postgres
        if primary.alive:
            await primary.kill()
        await standby.promote()
        self.postgres.reverse()

    async def _start_database(self) -> None:
        if self.plan.database:
            return
        primary = Postgres("postgres", self.data / "postgres", self.processes)
        self.postgres.append(primary)
        await primary.create()
        await primary.start()
        await primary.create_database()
        if self.plan.standby:
            await self.follow()

    async def follow(self) -> None:
        """Copy the primary into a new standby, which every commit waits for from then on."""
        primary = self.postgres[0]
        names = {"postgres", "standby"} - {primary.name}
        name = names.pop()
        standby = Postgres(name, self.data / name, self.processes)
        self.postgres[1:] = [standby]
        await primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
        await standby.copy(primary)
        await standby.start()
        await primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        await primary.execute("SELECT pg_reload_conf()")

    async def _start_bus(self) -> None:
        if not self.plan.bus:
            self.nats = Nats(self.run, self.processes)
            await self.nats.start()

    async def _connect(self, node: Node) -> None:
        node.home.mkdir(parents=True, exist_ok=True)
        node.environment = {
            "UPTC_DATA": str(self.data / node.name),
            "UPTC_DATABASE": await self._database_of(node),
            "UPTC_BUS": await self._bus_of(node),
            "UPTC_FILES": str(self.data / "files"),
            "UPTC_FILES_SHARED": "true",
            "UPTC_PUBLIC_URL": self.front.address,
            "UPTC_LOG_FORMAT": "json",
            **({"UPTC_ROLES": node.roles} if node.roles else {}),
            **self.plan.environment,
        }

    async def _database_of(self, node: Node) -> str:
        if self.plan.database:
            return self.plan.database
        folders: list[str] = []
        for place in ["postgres", "standby"][: 1 + self.plan.standby]:
            folder = node.home / place
            folder.mkdir(exist_ok=True)
            target = Place(path=self.data / place / _SOCKET)
            await self._link(node, "database", target, folder / _SOCKET)
            folders.append(f"host={folder}")
        password = self.postgres[0].password
        return f"postgresql://postgres:{password}@/{DATABASE}?{'&'.join(folders)}"

    async def _bus_of(self, node: Node) -> str:
        if self.nats is None:
            return self.plan.bus or "memory"
        link = await self._link(node, "bus", Place(port=self.nats.port), None)
        return self.nats.url(link.port)

    async def _link(self, node: Node, what: str, target: Place, path: Path | None) -> Link:
        link = Link(f"{node.name} {what}", target)
        await link.open(path)
        node.links.setdefault(what, []).append(link)
        self._links.append(link)
        return link


def named(count: int, *, split: bool) -> list[tuple[str, str]]:
    """The names of so many nodes, and what each serves; raises `ClusterError`.

    Split by role, the first three are one of each; further ones serve people.
    """
    if not split:
        return [(f"node-{number}", "") for number in range(1, count + 1)]
    if count < len(ROLES):
        raise ClusterError(f"Split by role, a cluster has at least {len(ROLES)} nodes.")
    more = islice(cycle(ROLES[:2]), count - len(ROLES))
    seen: Counter[str] = Counter()
    pairs: list[tuple[str, str]] = []
    for role in (*ROLES, *more):
        seen[role] += 1
        pairs.append((f"{role}-{seen[role]}", role))
    return pairs


def _shows_the_client(node: Node) -> bool:
    return not node.roles or "api" in node.roles


def _address(node: Node) -> Callable[[], str]:
    return lambda: node.address if node.alive else ""


@contextlib.asynccontextmanager
async def running(plan: Plan) -> AsyncGenerator[Cluster, None]:
    """A cluster for the length of a `with`."""
    cluster = Cluster(plan)
    try:
        await cluster.open()
        yield cluster
    finally:
        await cluster.close()
