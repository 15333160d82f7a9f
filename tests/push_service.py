"""A push service on this machine: it takes what is sent, and its browsers open it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.browsers import Browser

WAIT_S: Final = 30.0


@dataclass(frozen=True)
class Received:
    """A request that came; `opened` is None where it was not for a browser of this service."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    opened: Any


class PushService:
    """Answers 201, or what `answers` has for the next requests."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.received: list[Received] = []
        self.held: asyncio.Event | None = None
        """While it is there and not set, nothing is answered."""

        self.browsers: dict[str, Browser] = {}
        self._news = asyncio.Event()

    def browser(self) -> Browser:
        """A browser that subscribes here."""
        made = Browser(self.url)
        self.browsers[made.endpoint.removeprefix(self.url)] = made
        return made

    @property
    def opened(self) -> list[Any]:
        """What the browsers read, in order."""
        return [one.opened for one in self.received]

    async def until(self, count: int) -> list[Any]:
        """Wait for so many requests in all."""
        async with asyncio.timeout(WAIT_S):
            while len(self.received) < count:
                self._news.clear()
                await self._news.wait()
        return self.opened

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                await self._take(head, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(
        self, head: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        headers = {k.lower(): v.strip() for k, _, v in (x.partition(":") for x in head[1:])}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = head[0].split()[1]
        browser = self.browsers.get(path)
        opened = browser.open(body) if browser else None
        self.received.append(Received(path, headers, body, opened))
        self._news.set()
        if self.held is not None:
            await self.held.wait()
        status, more = self.answers.pop(0) if self.answers else (201, {})
        lines = [f"HTTP/1.1 {status} OK", *(f"{k}: {v}" for k, v in more.items())]
        if "content-length" not in more:
            lines.append("content-length: 0")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await writer.drain()


async def _head(reader: asyncio.StreamReader) -> list[str]:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return []
    return raw.decode("latin-1").rstrip().split("\r\n")


@asynccontextmanager
async def push_service() -> AsyncGenerator[PushService, None]:
    """One that listens."""
    made: list[PushService] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.append(PushService(server.sockets[0].getsockname()[1]))
    try:
        yield made[0]
    finally:
        server.close()
