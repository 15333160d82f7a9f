"""A browser as the server sees one: it keeps cookies and says where its page is from.

One connection that stays open; no rendering, no certificates, and so cheap enough to have
hundreds in one process.
"""

import asyncio
import json
from http.cookies import SimpleCookie
from typing import Any, Final, NamedTuple

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_socket
from websockets.typing import Origin, Subprotocol

_LINE_END: Final = b"\r\n"
_NO_BODY: Final = frozenset({204, 304})


class Answer(NamedTuple):
    """Status, headers in lower case, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.body)


class Browser:
    """Speaks HTTP/1.1 to `127.0.0.1:port`; requests wait for each other."""

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cookies: dict[str, str] = {}

    async def get(self, path: str) -> Answer:
        """Ask for something."""
        return await self._request("GET", path, b"")

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Ask for a change, as a page of the server does."""
        return await self._request("POST", path, json.dumps(body).encode())

    async def socket(self) -> ClientConnection:
        """A WebSocket with the cookies, before its hello."""
        return await connect_socket(
            f"ws://{self._host}/api/v1/ws",
            origin=Origin(f"http://{self._host}"),
            subprotocols=[Subprotocol("uptc.v1.json")],
            additional_headers={"Cookie": self._cookie()},
            compression=None,
            open_timeout=60,
        )

    def close(self) -> None:
        """Hang up; the next request connects again."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _request(self, method: str, path: str, content: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}",
            f"Origin: http://{self._host}",
            f"Cookie: {self._cookie()}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
        ]
        writer.write("\r\n".join([*head, "", ""]).encode() + content)
        return await self._read(reader)

    async def _read(self, reader: asyncio.StreamReader) -> Answer:
        status = int((await reader.readline()).split()[1])
        headers: dict[str, str] = {}
        while (line := await reader.readline()) != _LINE_END:
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "set-cookie":
                self._remember(value)
            headers[name.lower()] = value.strip()
        size = 0 if status in _NO_BODY else int(headers.get("content-length", "0"))
        return Answer(status, headers, await reader.readexactly(size))

    def _remember(self, value: str) -> None:
        for name, morsel in SimpleCookie(value).items():
            self.cookies[name] = morsel.value

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())
