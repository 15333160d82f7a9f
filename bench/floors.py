"""What nothing can be cheaper than, on this machine, now."""

import multiprocessing
import socket
import sqlite3
import time
from pathlib import Path
from typing import Final

COMMITS: Final = 300
WRITES: Final = 5_000


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
    """One write of 500 bytes to a reader that waits in another process: µs of CPU.

    A reader that waits has to be woken, and the writer pays for that.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    reader = multiprocessing.get_context("fork").Process(
        target=_read, args=(listener.getsockname(),), daemon=True
    )
    reader.start()
    out, _ = listener.accept()
    payload, spent = b"x" * 500, 0.0
    for _ in range(WRITES):
        begun = time.process_time_ns()
        out.send(payload)
        spent += time.process_time_ns() - begun
        time.sleep(0.0001)  # let the reader fall asleep again
    out.close()
    listener.close()
    reader.join(5)
    return spent / WRITES / 1e3


def _read(address: tuple[str, int]) -> None:
    into = socket.create_connection(address)
    while into.recv(65_536):
        pass
