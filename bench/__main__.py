"""`make bench`: durable sends, fan-out, idle memory, history, files, search; a few minutes.

Figures of a shared machine move by a factor of two within an hour: trust the ratios to the
floors of the same run.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import uvloop

from bench import floors, loads, postgres, searches, transfers
from bench.server import Seed, Server, seed, serving

SECONDS: Final = 6.0
IDLE: Final = 2_000
# The best peer's CPU a unit on the same two cores, one of them for server and database:
# ejabberd 23.01, and a bare prototype of this server's stack without authorisation or ids.
PEER_SEND_US: Final = 1_090
PEER_DELIVERY_US: Final = 52
PROTOTYPE: Final = {"send": "75 µs (PostgreSQL)", 1: "11 µs", 4: "3.4 µs", 100: "0.6 µs"}


COUPLES: Final = (1, 50, 300)
"""Direct chats that send at once."""


def main() -> None:
    """Seed, start, load, print.

    `--postgres` measures only what a database server changes, `--files` only files.
    """
    if "--files" in sys.argv[1:]:
        measure_files()
        return
    if "--postgres" in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="bench-") as name:
            measure_postgres(Path(name))
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        cpu, wall = floors.commit(folder)
        written = floors.write()
        print(f"floor: one durable commit          {cpu:7.0f} µs CPU  {wall:7.0f} µs")
        print(f"floor: one write that wakes a reader{written:7.2f} µs CPU", flush=True)
        data = folder / "data"
        couples = seed(data, users=100, chats=50, members=2, prefix="pair")
        hall = seed(data, users=200, chats=1, members=200, messages=200, prefix="room")
        crowd = seed(data, users=IDLE, chats=IDLE // 50, members=50, prefix="idle")
        with serving(data) as server:
            print(f"start: {server.started_s:.2f} s, {server.rss_kb / 1024:.0f} MiB", flush=True)
            uvloop.run(_measure(server, (couples, hall, crowd), written))
            for row in uvloop.run(transfers.rows(server, couples, folder)):
                print(row, flush=True)
    for row in searches.rows(full=os.environ.get("FULL") == "1"):
        print(row, flush=True)


def measure_files() -> None:
    """Files up and down, beside the disk alone."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        people = seed(folder / "data", users=2, chats=1, members=2, prefix="file")
        with serving(folder / "data") as server:
            for row in uvloop.run(transfers.rows(server, people, folder)):
                print(row, flush=True)


def measure_postgres(folder: Path) -> None:
    """Durable sends on PostgreSQL beside what a row costs there alone and in hundreds."""
    with postgres.serving(folder) as database:
        alone, grouped, cpu = postgres.floor(database)
        print(f"floor: one durable commit          {'':11}  {alone:7.0f} µs")
        print(
            f"floor: a row of a hundred          {cpu:7.1f} µs CPU  {grouped:7.1f} µs", flush=True
        )
        url = database.url()
        pairs = [
            seed(folder / "data", url, users=2 * n, chats=n, members=2, prefix=f"p{n}x")
            for n in COUPLES
        ]
        with serving(folder / "data", database=url) as server:
            uvloop.run(_sends(server, database, pairs))


async def _sends(server: Server, database: postgres.Postgres, pairs: list[Seed]) -> None:
    for couples in pairs:
        spent = postgres.cpu_s(database)
        sends = await loads.pairs(server, couples, SECONDS)
        theirs = (postgres.cpu_s(database) - spent) / (sends.per_second * SECONDS) * 1e6
        print(
            f"durable send, {len(couples.chats):3} pairs            "
            f"{sends.cpu_us + theirs:7.0f} µs CPU (database {theirs:.0f})  "
            f"{sends.per_second:,.0f}/s  p50 {sends.p50_ms:.1f} ms  p99 {sends.p99_ms:.1f} ms  "
            f"ejabberd {PEER_SEND_US} µs, prototype {PROTOTYPE['send']}",
            flush=True,
        )


async def _measure(server: Server, seeds: tuple[Seed, Seed, Seed], written: float) -> None:
    couples, hall, crowd = seeds
    kb = await loads.idle(server, crowd)
    print(f"idle session ({IDLE:,})              {kb:7.1f} KB   prototype 6.0, ejabberd 25")
    sends = await loads.pairs(server, couples, SECONDS)
    print(
        f"durable send, 50 pairs             {sends.cpu_us:7.0f} µs CPU  "
        f"{sends.per_second:,.0f}/s  p50 {sends.p50_ms:.1f} ms  p99 {sends.p99_ms:.1f} ms  "
        f"ejabberd {PEER_SEND_US} µs ({PEER_SEND_US / sends.cpu_us:.1f} times ours), "
        f"prototype {PROTOTYPE['send']}",
        flush=True,
    )
    for in_flight in (1, 4, 100):
        spread = await loads.room(server, hall, in_flight, SECONDS)
        print(
            f"delivery, room of 200, {in_flight:3} in flight {spread.cpu_us:6.2f} µs CPU  "
            f"{spread.per_second:,.0f}/s  {spread.cpu_us / written:.2f} of a write  "
            f"ejabberd {PEER_DELIVERY_US} µs ({PEER_DELIVERY_US / spread.cpu_us:.0f} times ours), "
            f"prototype {PROTOTYPE[in_flight]}",
            flush=True,
        )
    page = await loads.history(server, hall)
    print(f"history page of 50                 {page.cpu_us / 1000:7.2f} ms CPU  ejabberd 6.8 ms")
    await asyncio.sleep(0)


if __name__ == "__main__":
    main()
