"""Files up and down, beside what the same bytes take without us in the same run.

Up, the bound is a bare program that receives them, hashes them and has each part on the disk
(`bench.taking`): what nobody can leave out. Disk or network alone would be no bound, as they
take turns on the one core that the server has, and the hash is part of the protocol. Down, it
is the slower of the disk alone and of the HTTP server with nothing behind it (`bench.bare`).
Everybody has one core, and the client the other.
"""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench.server import Seed, Server, pin, saying
from uptc_messenger.toolkit.ids import uuid7

SIZE: Final = 96 << 20
FIRST: Final = 1 << 18
"""Bytes of the first part, and how much larger the next one is: as the client does (`machine.ts`)
on a line that takes less than a tenth of a second for each."""
GROWTH: Final = 16
_MB: Final = 1_000_000
ROUNDS: Final = 5
_ROOT: Final = Path(__file__).parent.parent


class Rates(NamedTuple):
    """Bytes a second of ours and of the bound; ms of CPU for a million."""

    ours: float
    bound: float
    cpu: float
    bound_cpu: float

    @property
    def share(self) -> float:
        """Of what is possible."""
        return self.ours / self.bound


def parts(most: int) -> list[tuple[int, int]]:
    """Where each part begins and ends, where the server takes so many bytes at once."""
    found: list[tuple[int, int]] = []
    at, size = 0, FIRST
    while at < SIZE:
        found.append((at, min(at + size, SIZE)))
        at, size = at + size, min(size * GROWTH, most)
    return found


def disk(file: Path) -> float:
    """Bytes a second of a file that is read."""
    begun = time.perf_counter()
    with file.open("rb") as opened:
        while opened.read(1 << 18):
            pass
    return SIZE / (time.perf_counter() - begun)


@contextmanager
def bare(module: str, about: Path, beside: Server) -> Generator[Server, None, None]:
    """A program without anything of ours, on the core that ours has."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, about], stdout=subprocess.PIPE, text=True, cwd=_ROOT
    )
    with saying(process) as port:
        server = Server(process, int(port), 0)
        core, *others = os.sched_getaffinity(beside.process.pid)
        if not others:
            pin(process.pid, core)
        yield server


async def rows(server: Server, people: Seed, folder: Path) -> list[str]:
    """A file of 100 MB up and down, whole, by one person."""
    token = next(iter(people.tokens.values()))
    most = await _part_bytes(server, token)
    file = folder / "floor-whole"
    file.write_bytes(_content())
    ups: list[Rates] = []
    downs: list[Rates] = []
    with bare("bench.taking", folder, server) as taking, bare("bench.bare", file, server) as giving:
        for _ in range(ROUNDS):
            bound_up, bound_up_cpu = await _taken(taking, most)
            (up, up_cpu), (down, down_cpu) = await _round(server, token)
            wire, wire_cpu = await _given(giving)
            ups.append(Rates(up, bound_up, up_cpu, bound_up_cpu))
            downs.append(Rates(down, min(disk(file), wire), down_cpu, wire_cpu))
    file.unlink()
    return [_row("up", ups), _row("down", downs)]


def _row(way: str, rates: list[Rates]) -> str:
    middle = sorted(rates, key=lambda each: each.share)[len(rates) // 2]
    return (
        f"file of {SIZE // _MB} MB, {way:4}          {middle.ours / _MB:7.0f} MB/s  "
        f"bound {middle.bound / _MB:.0f} MB/s  "
        f"{middle.share:.0%} of it, the middle of {ROUNDS}; "
        f"{min(each.cpu for each in rates):.2f} ms CPU a MB "
        f"(bound {min(each.bound_cpu for each in rates):.2f})"
    )


async def _part_bytes(server: Server, token: str) -> int:
    async with _Line.to(server, token) as line:
        return (await line.ask("GET", "/files/usage"))["part_bytes"]


def _content() -> bytes:
    return os.urandom(1 << 20) * (SIZE >> 20)


async def _taken(server: Server, most: int) -> tuple[float, float]:
    """Bytes a second and ms of CPU for a million bytes, sent to a bare program."""
    data = memoryview(_content())
    async with _Line.to(server, "") as line:
        begun, spent = time.perf_counter(), server.cpu_s
        for start, end in parts(most):
            await line.ask("PUT", "/", data[start:end], "application/octet-stream")
        return SIZE / (time.perf_counter() - begun), _cpu(server, spent)


async def _given(server: Server) -> tuple[float, float]:
    """The same of a file that is received."""
    async with _Line.to(server, "") as line:
        begun, spent = time.perf_counter(), server.cpu_s
        await line.drain("/")
        return SIZE / (time.perf_counter() - begun), _cpu(server, spent)


async def _round(server: Server, token: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Bytes a second and milliseconds of CPU for a million bytes, up and down."""
    data = memoryview(_content())
    sha256 = hashlib.sha256(data).hexdigest()
    async with _Line.to(server, token) as line:
        begun, spent = time.perf_counter(), server.cpu_s
        wanted = {"upload_id": uuid7(), "name": "bench.bin", "size": SIZE}
        made = await line.ask("POST", "/files", json.dumps(wanted).encode())
        file_id = made["file_id"]
        for start, end in parts(made["part_bytes"]):
            path = f"/files/{file_id}/content?offset={start}"
            await line.ask("PUT", path, data[start:end], "application/octet-stream")
        body = json.dumps({"sha256": sha256}).encode()
        await line.ask("POST", f"/files/{file_id}/complete", body)
        up = SIZE / (time.perf_counter() - begun), _cpu(server, spent)
        begun, spent = time.perf_counter(), server.cpu_s
        await line.drain(f"/files/{file_id}/content")
        down = SIZE / (time.perf_counter() - begun), _cpu(server, spent)
        await line.ask("DELETE", f"/files/{file_id}")
    return up, down


def _cpu(server: Server, before: float) -> float:
    return (server.cpu_s - before) * 1e3 / (SIZE / _MB)


class _Line:
    """One connection that speaks as much HTTP as is needed and costs next to nothing."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._token = token

    @classmethod
    @asynccontextmanager
    async def to(cls, server: Server, token: str) -> AsyncGenerator["_Line"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1 << 22)
        try:
            yield cls(reader, writer, token)
        finally:
            writer.close()

    async def ask(
        self, method: str, path: str, body: bytes | memoryview = b"", kind: str = "application/json"
    ) -> dict[str, Any]:
        """The JSON of an answer, if there is any; raises where it is refused."""
        size = await self._send(method, path, body, kind)
        text = await self._reader.readexactly(size)
        return json.loads(text) if text else {}

    async def drain(self, path: str) -> None:
        """Read an answer and forget it."""
        left = await self._send("GET", path)
        while left:
            left -= len(await self._reader.read(min(left, 1 << 20)))

    async def _send(
        self, method: str, path: str, body: bytes | memoryview = b"", kind: str = "application/json"
    ) -> int:
        head = (
            f"{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode())
        self._writer.write(body)
        await self._writer.drain()
        status, *fields = (await self._reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        if status.split(" ")[1][0] != "2":
            raise RuntimeError(status)
        named = {n.lower(): v.strip() for n, _, v in (field.partition(":") for field in fields)}
        return int(named.get("content-length", 0))
