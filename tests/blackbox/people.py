"""People with accounts on a real server, and the sockets that they hold: a client of our own.

It is written from docs/protocol.md alone and shares no code with the server.
"""

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

PASSWORD = "tres tazas de tinto"
PATIENCE_S = 30.0
"""How long an answer may take before a test gives up; nothing is measured with it."""

Frame = dict[str, Any]


def new_id() -> str:
    """A UUIDv7 (RFC 9562, section 5.7), as a client makes it."""
    random = secrets.randbits(74)
    value = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76 | (random >> 62) << 64
    value |= 0b10 << 62 | random & (2**62 - 1)
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@dataclass(frozen=True)
class Answer:
    """What the server answered to a request."""

    status: int
    headers: httpx.Headers
    body: Any
    text: str

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


_COUNTED = frozenset({"event", "user.event", "chat.head", "digest"})
_ACK_EVERY = 32


class Socket:
    """One WebSocket: answers pings and acknowledges by itself, keeps everything it ever heard."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[Frame] = []
        self.welcome: Frame = {}
        self._waiting: list[Frame] = []
        self._ids = itertools.count(1)
        self._es = 0
        self._acknowledged = 0

    async def send(self, *frames: Frame) -> None:
        """Send one object, or several as an array."""
        whole = frames[0] if len(frames) == 1 else list(frames)
        await self.connection.send(json.dumps(whole))

    async def ask(self, kind: str, **fields: Any) -> Frame:
        """Send a command and return its `result` data, or the `error` frame."""
        ref = next(self._ids)
        await self.send({"type": kind, "id": ref, **fields})
        answer = await self.hear(lambda frame: frame.get("ref") == ref)
        return answer["data"] if answer["type"] == "result" else answer

    async def say(self, chat_id: str, text: str, message_id: str | None = None) -> Frame:
        """Send a message and return the answer."""
        return await self.ask(
            "message.send",
            chat_id=chat_id,
            message_id=message_id or new_id(),
            body={"text": text},
        )

    async def hear(self, wanted: Callable[[Frame], bool], within: float = PATIENCE_S) -> Frame:
        """The first frame like this that nobody took yet, heard already or to come."""
        async with asyncio.timeout(within):
            seen = 0
            while True:
                for position in range(seen, len(self._waiting)):
                    if wanted(self._waiting[position]):
                        return self._waiting.pop(position)
                seen = len(self._waiting)
                await self._listen()

    async def settle(self) -> None:
        """Hear everything that the server sent up to now."""
        stamp = next(self._ids)
        await self.send({"type": "ping", "ts": stamp})
        await self.hear(lambda frame: frame["type"] == "pong" and frame["ts"] == stamp)

    async def closed(self, within: float = PATIENCE_S) -> int:
        """Listen until the server closes, and return its code."""
        async with asyncio.timeout(within):
            while True:
                try:
                    await self._listen()
                except ConnectionClosed:
                    return self.connection.close_code or 0

    async def close(self) -> None:
        await self.connection.close()

    def events(self, chat_id: str) -> list[Frame]:
        """The live events of a chat, in the order in which they came."""
        return [f for f in self.heard if f["type"] == "event" and f["chat_id"] == chat_id]

    async def _listen(self) -> None:
        whole: Frame | list[Frame] = json.loads(await self.connection.recv())
        frames = whole if isinstance(whole, list) else [whole]
        self.heard += frames
        self._waiting += frames
        for frame in frames:
            self._es += frame["type"] in _COUNTED
            if frame["type"] == "ping":
                await self.send({"type": "pong", "ts": frame["ts"]})
        if self._es - self._acknowledged >= _ACK_EVERY:
            self._acknowledged = self._es
            await self.send({"type": "ack", "es": self._es})


@dataclass(frozen=True)
class Person:
    """Somebody with an account and one session."""

    town: "Town"
    username: str
    user_id: str
    session_id: str
    token: str

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        """Ask over HTTP; `path` is below /api/v1."""
        return await self.town.call(method, path, token=self.token, **options)

    async def connect(self, *opened: str, **hello: Any) -> Socket:
        """A live socket with these chats open."""
        if opened:
            hello["view"] = {"open": list(opened)}
        return await self.town.socket(token=self.token, **hello)

    async def found(self, *others: "Person", **fields: Any) -> str:
        """A new group of which this person is the owner; returns its id."""
        member_ids = [other.user_id for other in others]
        wanted = {"kind": "group", "title": "Grupo", "member_ids": member_ids, **fields}
        made = await self.call("POST", "/chats", json=wanted)
        assert made.status == 201, made.text
        return made["chat_id"]

    async def post(self, chat_id: str, text: str, message_id: str | None = None) -> Answer:
        """Send a message over HTTP."""
        path = f"/chats/{chat_id}/messages/{message_id or new_id()}"
        return await self.call("PUT", path, json={"body": {"text": text}})

    async def read(self, chat_id: str) -> list[Any]:
        """Every message of a chat, page after page."""
        messages: list[Any] = []
        path, bound = f"/chats/{chat_id}/messages?limit=200", ""
        while True:
            page = await self.call("GET", path + bound)
            assert page.status == 200, page.text
            messages = page["messages"] + messages
            if not page["more"]:
                return messages
            bound = f"&before_seq={messages[0]['seq']}"

    async def sync(self, socket: Socket, chat_id: str, from_seq: int = 0) -> list[Frame]:
        """The log of a chat after a position, as `sync` tells it."""
        items: list[Frame] = []
        while True:
            cursor = {"chat_id": chat_id, "from_seq": from_seq}
            await socket.send({"type": "sync", "chats": [cursor], "limit": 500})
            result = await socket.hear(lambda frame: frame["type"] == "sync.result")
            items += result["items"]
            from_seq = result["to_seq"]
            if not result["more"]:
                return items


class Town:
    """A server seen from outside, and everything that was opened to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url, timeout=30, limits=httpx.Limits(max_connections=100)
        )
        self._sockets: list[Socket] = []

    async def close(self) -> None:
        for socket in self._sockets:
            await socket.close()
        await self._http.aclose()

    async def call(
        self, method: str, path: str, token: str | None = None, **options: Any
    ) -> Answer:
        """Ask over HTTP; `path` is below /api/v1, or absolute with a leading `//`."""
        headers = dict(options.pop("headers", {}))
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        address = path[1:] if path.startswith("//") else f"/api/v1{path}"
        answer = await self._http.request(method, address, headers=headers, **options)
        is_json = "json" in answer.headers.get("content-type", "")
        body = answer.json() if is_json and answer.content else None
        return Answer(answer.status_code, answer.headers, body, answer.text)

    async def person(self, name: str = "ana", **fields: Any) -> Person:
        """Somebody new; the username is the name with something random behind it."""
        wanted = {
            "username": f"{name}-{secrets.token_hex(5)}",
            "display_name": name.title(),
            "password": PASSWORD,
            **fields,
        }
        return self.known(await self.call("POST", "/auth/register", json=wanted))

    def known(self, answer: Answer) -> Person:
        """The person whom a register or login let in."""
        assert answer.status in {200, 201}, answer.text
        user, session = answer["user"], answer["session"]
        return Person(
            self, user["username"], user["user_id"], session["session_id"], answer["token"]
        )

    async def log_in(self, person: Person) -> Person:
        """Another session of the same person."""
        wanted = {"username": person.username, "password": PASSWORD}
        return self.known(await self.call("POST", "/auth/login", json=wanted))

    async def open(
        self, path: str = "/api/v1/ws", subprotocol: str = "uptc.v1.json", **options: Any
    ) -> Socket:
        """A socket on which nothing was said yet."""
        address = "ws" + self.url.removeprefix("http") + path
        connection = await connect(
            address,
            subprotocols=[Subprotocol(subprotocol)] if subprotocol else None,
            ping_interval=None,
            max_size=None,
            close_timeout=2,
            **options,
        )
        socket = Socket(connection)
        self._sockets.append(socket)
        return socket

    async def socket(self, **hello: Any) -> Socket:
        """A socket that was welcomed."""
        socket = await self.open()
        await socket.send({"type": "hello", "id": "hello", **hello})
        answer = await socket.hear(lambda frame: frame.get("ref") == "hello")
        assert answer["type"] == "welcome", answer
        socket.welcome = answer
        return socket


def is_event(kind: str, **fields: Any) -> Callable[[Frame], bool]:
    """Whether a frame is a live event of this kind, with these fields in its data."""

    def matches(frame: Frame) -> bool:
        told = frame["type"] in {"event", "user.event"} and frame["kind"] == kind
        return told and all(frame["data"].get(name) == value for name, value in fields.items())

    return matches


def is_frame(kind: str) -> Callable[[Frame], bool]:
    """Whether a frame is of this type."""
    return lambda frame: frame["type"] == kind
