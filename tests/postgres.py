"""A real PostgreSQL for tests: data in a folder of its own, a Unix socket and no port."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from uptc_messenger.cluster.postgres import runnable
from uptc_messenger.cluster.processes import NOBODY, give

_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=40 -c shared_buffers=32MB"


@dataclass(frozen=True)
class Postgres:
    """A server that takes connections from this machine's user without a password."""

    sockets: Path

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.sockets}"

    async def execute(self, statement: str) -> None:
        """Run a statement on the server as a whole, such as CREATE DATABASE."""
        address = self.url("postgres").replace("postgresql:", "postgresql+asyncpg:")
        engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.exec_driver_sql(statement)
        await engine.dispose()


@contextmanager
def serving(*, standby: bool = False) -> Generator[Postgres, None, None]:
    """Make an empty server, start it, and leave nothing of it.

    A standby has no primary that it would follow: it only takes no writes.
    """
    # Not pytest's folder: only its owner may enter that, and the server runs as another.
    home = Path(tempfile.mkdtemp(prefix="uptc-postgres-"))
    data = home / "data"
    try:
        give(home)
        found = runnable(home)
        _run(found / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -k {home} {_FAST}"
        if standby:
            (data / "standby.signal").touch()
            options += " -c max_connections=100"  # as many as it had when it was made
        _run(found / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start")
        try:
            yield Postgres(home)
        finally:
            _run(found / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def _run(*command: str | Path) -> None:
    root = os.geteuid() == 0
    subprocess.run(
        [str(part) for part in command],
        check=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        user=NOBODY if root else None,
        group=NOBODY if root else None,
        extra_groups=[] if root else None,
    )
