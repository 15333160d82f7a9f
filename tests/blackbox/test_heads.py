"""Heads of requests from outside: without end, without sense, and many that never come."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.blackbox.people import Town
from tests.server import Server

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
PIECE = b"X-Piece: " + b"x" * 65_000 + b"\r\n"
FLOOD_BYTES = 64 * 1024 * 1024
GROWTH_KIB = 20 * 1024
SLOW = 400


class Line:
    """A connection on which bytes go as they are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, server: Server) -> "Line":
        address = urlsplit(server.url)
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def refusal(self) -> Any:
        async with asyncio.timeout(60):
            answer = await self.reader.read()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"application/problem+json" in head
        self.writer.close()
        return json.loads(body)

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


def resident_kib(server: Server) -> int:
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def test_a_head_without_an_end_costs_no_memory(shared_server: Server):
    before = resident_kib(shared_server)
    line = await Line.to(shared_server)
    await line.send(HEAD)
    sent = 0
    # The server stops to listen at some point, and the rest is lost on the way.
    with suppress(ConnectionError):
        while sent < FLOOD_BYTES:
            await line.send(PIECE)
            sent += len(PIECE)
    assert resident_kib(shared_server) - before < GROWTH_KIB
    await line.close()


async def test_a_head_that_is_too_large_is_told_so(shared_server: Server):
    line = await Line.to(shared_server)
    await line.send(HEAD + PIECE + b"\r\n")
    refused = await line.refusal()
    assert (refused["status"], refused["code"]) == (431, "too_large")
    assert refused["detail"].endswith(".")


@pytest.mark.parametrize(
    "sent",
    [
        b"hola\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_no_request_is_refused_in_a_sentence(shared_server: Server, sent: bytes):
    line = await Line.to(shared_server)
    await line.send(sent)
    refused = await line.refusal()
    assert (refused["status"], refused["code"]) == (400, "bad_request")
    assert refused["detail"].endswith(".")


async def test_many_heads_that_never_end_disturb_nobody(shared_server: Server, town: Town):
    lines = await asyncio.gather(*(Line.to(shared_server) for _ in range(SLOW)))
    for line in lines:
        await line.send(HEAD)
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    hearing = await ben.connect(chat_id)
    assert (await ana.post(chat_id, "hola")).status in {200, 201}
    await hearing.hear(lambda frame: frame.get("kind") == "message.new")
    # None of them is waited for much longer than a head may take.
    first = await lines[0].refusal()
    assert (first["status"], first["code"]) == (408, "timeout")
    await asyncio.gather(*(line.close() for line in lines))
