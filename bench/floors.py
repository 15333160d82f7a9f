"""What nothing can be cheaper than, on this machine, now."""

import socket
import sqlite3
import time
from pathlib import Path
from typing import Final

COMMITS: Final = 300
WRITES: Final = 20_000


def commit(folder: Path) -> tuple[float, float]:
    """A durable commit of one row of 200 bytes in SQLite: µs of CPU, µs of waiting and CPU."""
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE rows (n INTEGER PRIMARY KEY, body TEXT)")
    cpu, wall = time.process_time(), time.perf_counter()
    for n in range(COMMITS):
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO rows VALUES (?, ?)", (n, "x" * 200))
        database.execute("COMMIT")
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    database.close()
    return cpu / COMMITS * 1e6, wall / COMMITS * 1e6


def write() -> float:
    """One write of 500 bytes to a loopback socket: µs of CPU."""
    listener = socket.create_server(("127.0.0.1", 0))
    out = socket.create_connection(listener.getsockname())
    into, _ = listener.accept()
    into.setblocking(False)
    payload, spent = b"x" * 500, 0.0
    for _ in range(WRITES // 50):
        begun = time.process_time()
        for _ in range(50):
            out.send(payload)
        spent += time.process_time() - begun
        while True:
            try:
                into.recv(65_536)
            except BlockingIOError:
                break
    for end in (out, into, listener):
        end.close()
    return spent / WRITES * 1e6
