"""A site of a stranger on this machine: it answers what a test wants, byte for byte."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import pytest

from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.fetching import Surroundings
from uptc_messenger.toolkit.networks import Address, Unreachable

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = (
    '<!doctype html><html><head><meta charset="utf-8"><title>Título</title>'
    '<meta property="og:title" content="Feria del libro">'
    '<meta property="og:site_name" content="El Diario">'
    '<meta property="og:description" content="Diez días de lectura en Tunja.">'
    '<meta property="og:image" content="/foto.jpg">'
    '<meta property="og:image:alt" content="Estantes con libros">'
    "</head><body><p>Texto</p></body></html>"
)


def ok(body: bytes | str, media_type: str = "text/html", *headers: str) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return answer(200, data, f"content-type: {media_type}", *headers)


def moved(to: str, status: int = 302) -> bytes:
    return answer(status, b"", f"location: {to}")


def answer(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} OK", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class Site:
    """Answers by path; 404 for any other. `asked` is the head of every request that came."""

    host: str
    port: int = 0
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    asked: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def shows(self, head: str = HEAD, path: str = "/") -> str:
        """Put a page there, and return the link to it."""
        self.answers[path] = ok(head)
        return self.url + path

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            raw = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(raw.decode("latin-1"))
            found = self.answers.get(raw.split()[1].decode(), answer(404, b""))
            if isinstance(found, bytes):
                writer.write(found)
            else:
                await found(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def site(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncGenerator[Site]:
    """A site on a free port."""
    made = Site(host, scheme="https" if tls else "http")
    server = await asyncio.start_server(made.serve, host.strip("[]"), 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


class Names:
    """Stands for DNS: names with addresses, a further answer for each time that one is asked."""

    def __init__(self, **known: list[str]) -> None:
        self.known = known
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[Address]:
        self.asked.append(host)
        answers = self.known.get(host.replace(".", "_"))
        if not answers:
            raise Unreachable(f"{host} has no address.")
        first = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ip_address(each) for each in first.split()]


@pytest.fixture
async def outside() -> AsyncGenerator[Site]:
    """A site that a test calls public."""
    async with site("127.0.0.2") as made:
        yield made


def here(address: Address) -> bool:
    """Which addresses a test calls public: of this machine all but 127.0.0.1 and ::1."""
    return address.is_loopback and str(address) not in {"127.0.0.1", "::1"}


def around(names: Names | None = None) -> Surroundings:
    """A network in which 127.0.0.2 is the internet, and 127.0.0.1 is ours."""
    return Surroundings(lookup=names or Names(), allowed=here)


def config(*ports: int, **more: float) -> PreviewsConfig:
    """Previews that may lead to some ports besides the usual ones."""
    values: dict[str, Any] = {"links": "on", "ports": (80, 443, *ports), **more}
    return PreviewsConfig(**values)
