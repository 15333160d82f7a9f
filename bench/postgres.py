"""A PostgreSQL for a run, with `fsync` on, and what nothing can be cheaper than on it."""

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from uptc_messenger.cluster.postgres import Postgres
from uptc_messenger.cluster.processes import Processes
from uptc_messenger.database.dialing import connect

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_COMMITS: Final = 500
_ROWS: Final = 100


@contextmanager
def serving(folder: Path) -> Generator[Postgres]:
    """A new server in `folder`, gone at the end."""
    folder.chmod(0o755)
    with asyncio.Runner() as runner:
        processes = Processes()
        server = Postgres("postgres", folder / "postgres", processes)
        try:
            runner.run(_start(processes, server))
            yield server
        finally:
            runner.run(processes.close())


async def _start(processes: Processes, server: Postgres) -> None:
    await processes.open()
    await server.create()
    await server.start()
    await server.create_database()


def cpu_s(server: Postgres) -> float:
    """Seconds of CPU of the server and of every process that it has, and had."""
    return sum(map(_cpu_s, _family(server.running.pid)))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def floor(server: Postgres) -> tuple[float, float, float]:
    """A durable row of 200 bytes: µs of waiting alone, µs in hundreds, µs CPU of the server."""
    return asyncio.run(_floor(server))


async def _floor(server: Postgres) -> tuple[float, float, float]:
    connection = await connect(server.url())
    await connection.execute("CREATE TABLE floor (id int PRIMARY KEY, body text)")
    put = await connection.prepare("INSERT INTO floor VALUES ($1, $2)")
    many = await connection.prepare("INSERT INTO floor SELECT i, $2 FROM unnest($1::int[]) i")
    begun = time.perf_counter()
    for number in range(_COMMITS):
        await put.fetch(number, "x" * 200)
    alone = (time.perf_counter() - begun) / _COMMITS
    cpu, begun = cpu_s(server), time.perf_counter()
    for number in range(_COMMITS):
        first = (number + _COMMITS) * _ROWS
        await many.fetch(list(range(first, first + _ROWS)), "x" * 200)
    count = _COMMITS * _ROWS
    grouped, cpu = (time.perf_counter() - begun) / count, (cpu_s(server) - cpu) / count
    await connection.execute("DROP TABLE floor")
    await connection.close()
    return alone * 1e6, grouped * 1e6, cpu * 1e6
