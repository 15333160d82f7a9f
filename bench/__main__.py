"""`make bench`: durable sends, fan-out, idle memory, history; about a minute and a half.

Figures of a shared machine move by a factor of two within an hour: trust the ratios to the
floors of the same run.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

import uvloop

from bench import floors, loads
from bench.server import Seed, Server, seed, serving

SECONDS: Final = 6.0
IDLE: Final = 2_000
# The best peer's CPU a unit on the same two cores, one of them for server and database:
# ejabberd 23.01, and a bare prototype of this server's stack without authorisation or ids.
PEER_SEND_US: Final = 1_090
PEER_DELIVERY_US: Final = 52
PROTOTYPE: Final = {"send": "75 µs (PostgreSQL)", 1: "11 µs", 4: "3.4 µs", 100: "0.6 µs"}


def main() -> None:
    """Seed, start, load, print."""
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
