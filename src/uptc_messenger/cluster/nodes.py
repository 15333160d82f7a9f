"""A node of the cluster: `uptc-messenger serve`, and its links to what it stands on."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from uptc_messenger.cluster.links import Link
from uptc_messenger.cluster.processes import ClusterError, Processes, Program, Running, tail

_READY_S: Final = 60.0
_NEXT_S: Final = 0.2


class Node:
    """One process; `links` are its ways to the database and the bus, by their names.

    `roles` are what it serves, as `serve --roles` takes them; empty is everything.
    """

    def __init__(self, name: str, home: Path, processes: Processes, roles: str = "") -> None:
        self.name = name
        self.roles = roles
        self.home = home
        self.address = ""
        self.owner_link: str | None = None
        self.links: dict[str, list[Link]] = {}
        self.environment: dict[str, str] = {}
        self._processes = processes
        self._running: Running | None = None

    @property
    def running(self) -> Running:
        """Its process; raises `ClusterError` before the first start."""
        if self._running is None:
            raise ClusterError(f"{self.name} was not started.")
        return self._running

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.alive

    @property
    def log(self) -> Path:
        return self.home / "log"

    async def start(self, more: Mapping[str, str] | None = None) -> None:
        """Start it, and wait until it answers."""
        self.home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "uptc_messenger", "serve", "--port", "0"]
        self._running = await self._processes.start(
            Program(
                name=self.name,
                command=command,
                log=self.log,
                environment={**self.environment, **(more or {})},
                reads_output=True,
            )
        )
        try:
            self.address = await self._running.line(_READY_S)
        except TimeoutError:
            await self.kill()
            self.address = ""
        if not self.address:
            raise ClusterError(f"{self.name} does not start:\n{tail(self.log)}")
        self.owner_link = await self._read_owner_link(self._running)

    async def _read_owner_link(self, running: Running) -> str | None:
        """What it says next, with its address, where it has no owner."""
        try:
            words = (await running.line(_NEXT_S)).split()
        except TimeoutError:
            return None
        return words[-1] if words else None

    async def stop(self) -> None:
        """Let it drain and end."""
        await self.running.stop()
        self._processes.forget(self.running)

    async def kill(self) -> None:
        """End it as a power failure does."""
        await self.running.kill()
        self._processes.forget(self.running)

    def whole(self, what: str) -> bool:
        """Whether its ways to the database, or to the bus, are open."""
        return all(link.whole for link in self.links.get(what, ()))
