"""Files up and down, beside what the disk alone takes for the same bytes in the same run."""

import asyncio
import hashlib
import json
import os
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bench.server import Seed, Server
from uptc_messenger.toolkit.ids import uuid7

PART: Final = 4 << 20
PARTS: Final = 24
SIZE: Final = PART * PARTS
_MB: Final = 1_000_000
Rates = tuple[float, float, float]
"""Bytes a second of ours and of the disk alone, milliseconds of CPU for a million bytes."""


def disk(folder: Path) -> tuple[float, float]:
    """Bytes a second: written in parts that are each on the disk, and read again."""
    data = os.urandom(PART)
    begun = time.perf_counter()
    for number in range(PARTS):
        with (folder / f"floor-{number}").open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    written = SIZE / (time.perf_counter() - begun)
    begun = time.perf_counter()
    for number in range(PARTS):
        with (folder / f"floor-{number}").open("rb") as file:
            while file.read(1 << 18):
                pass
    read = SIZE / (time.perf_counter() - begun)
    for number in range(PARTS):
        (folder / f"floor-{number}").unlink()
    return written, read


async def rows(server: Server, people: Seed, folder: Path) -> list[str]:
    """A file of 100 MB up and down, whole, by one person."""
    token = next(iter(people.tokens.values()))
    ups: list[Rates] = []
    downs: list[Rates] = []
    for _ in range(3):
        writing, reading = disk(folder)
        (up, up_cpu), (down, down_cpu) = await _round(server, token)
        ups.append((up, writing, up_cpu))
        downs.append((down, reading, down_cpu))
    return [_row("up", ups), _row("down", downs)]


def _row(way: str, rates: list[Rates]) -> str:
    ours, alone, _ = max(rates, key=lambda each: each[0] / each[1])
    return (
        f"file of {SIZE // _MB} MB, {way:4}          {ours / _MB:7.0f} MB/s  "
        f"disk alone {alone / _MB:.0f} MB/s  {ours / alone:.0%} of it, the best of three; "
        f"{min(cpu for *_, cpu in rates):.1f} ms CPU a MB"
    )


async def _round(server: Server, token: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Bytes a second and milliseconds of CPU for a million bytes, up and down."""
    data = os.urandom(PART)
    sha256 = hashlib.sha256(data * PARTS).hexdigest()
    async with _Line.to(server, token) as line:
        begun, spent = time.perf_counter(), server.cpu_s
        wanted = {"upload_id": uuid7(), "name": "bench.bin", "size": SIZE}
        file_id = (await line.ask("POST", "/files", json.dumps(wanted).encode()))["file_id"]
        for number in range(PARTS):
            path = f"/files/{file_id}/content?offset={number * PART}"
            await line.ask("PUT", path, data, "application/octet-stream")
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
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
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
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
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
