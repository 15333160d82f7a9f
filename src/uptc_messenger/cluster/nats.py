"""A nats-server of the wheel: on a port of this machine, with a password, nothing stored."""

import asyncio
import secrets
import shutil
import socket
import sys
from pathlib import Path
from typing import Final

from uptc_messenger.cluster.postgres import MISSING
from uptc_messenger.cluster.processes import ClusterError, Processes, Program, Running, tail

_READY_S: Final = 15.0
_STEP_S: Final = 0.02
_USER: Final = "uptc"


def binary() -> str:
    """Where nats-server is: beside the Python that runs, or on the path."""
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.is_file() else shutil.which("nats-server")
    if found is None:
        raise ClusterError(MISSING)
    return found


class Nats:
    """One server, which comes back on the same port."""

    def __init__(self, home: Path, processes: Processes) -> None:
        self.port = free_port()
        self._home = home
        self._processes = processes
        self._password = secrets.token_hex(16)
        self._running: Running | None = None

    @property
    def running(self) -> Running:
        """Its process; raises `ClusterError` before the first start."""
        if self._running is None:
            raise ClusterError("The bus was not started.")
        return self._running

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.alive

    def url(self, port: int | None = None) -> str:
        """Its address; through a link's port where one is given."""
        return f"nats://{_USER}:{self._password}@127.0.0.1:{port or self.port}"

    async def start(self) -> None:
        """Start it, and wait until it takes connections."""
        settings = self._home / "nats.conf"
        settings.touch(0o600)
        settings.write_text(
            f'listen: "127.0.0.1:{self.port}"\n'
            f'authorization {{ user: {_USER}, password: "{self._password}" }}\n',
            encoding="utf-8",
        )
        log = self._home / "nats.log"
        command = [binary(), "-c", str(settings)]
        self._running = await self._processes.start(Program("nats", command, log))
        late = asyncio.get_running_loop().time() + _READY_S
        while not await takes_connections(self.port):
            if not self.alive or asyncio.get_running_loop().time() > late:
                raise ClusterError(f"The bus does not start:\n{tail(log)}")
            await asyncio.sleep(_STEP_S)

    async def kill(self) -> None:
        """End it without a word."""
        await self.running.kill()
        self._processes.forget(self.running)


async def takes_connections(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
