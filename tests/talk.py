"""A person at a socket, for tests of the gateway: says frames, waits for frames."""

import asyncio
import json
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.fakes import Running, register
from uptc_messenger.toolkit.ids import uuid7

Frame = dict[str, Any]
PATIENCE_S = 10


class Talker:
    """A socket and everything that has been heard on it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[Frame] = []
        self._refs = 0

    async def say(self, *frames: Frame) -> None:
        """Send one object, or several in one frame."""
        await self.socket.send(json.dumps(frames[0] if len(frames) == 1 else list(frames)))

    async def hear(self, kind: str, /, **fields: object) -> Frame:
        """The next frame of this type with these fields; `heard` keeps what comes before."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = json.loads(await self.socket.recv())
                self.heard.append(frame)
                if frame["type"] == kind and all(frame.get(n) == v for n, v in fields.items()):
                    return frame

    async def ask(self, kind: str, /, **fields: object) -> Frame:
        """Send a command and answer what comes with its `ref`."""
        self._refs += 1
        ref = f"q{self._refs}"
        await self.say({"type": kind, "id": ref, **fields})
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = json.loads(await self.socket.recv())
                self.heard.append(frame)
                if frame.get("ref") == ref:
                    return frame

    async def send(self, chat_id: str, text: str, **fields: object) -> Frame:
        """Send a message."""
        name = fields.pop("message_id", None) or uuid7()
        body = {"text": text}
        return await self.ask("message.send", chat_id=chat_id, message_id=name, body=body, **fields)

    async def closed(self) -> int:
        """The code that the server closes with."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    self.heard.append(json.loads(await self.socket.recv()))
                except ConnectionClosed as end:
                    return end.rcvd.code if end.rcvd else 1006


class Person:
    """Somebody with an account and a program."""

    def __init__(self, server: Running, account: dict[str, Any]) -> None:
        self.user_id: str = account["user"]["user_id"]
        self.session_id: str = account["session"]["session_id"]
        self.token: str = account["token"]
        self._server = server

    def http(self) -> httpx.AsyncClient:
        """A client that is logged in."""
        return self._server.client(self.token)

    async def found(self, *others: "Person", **fields: object) -> str:
        """Make a group with the others; its id."""
        body = {"kind": "group", "title": "Redes", "member_ids": [o.user_id for o in others]}
        async with self.http() as http:
            answer = await http.post("/api/v1/chats", json={**body, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()["chat_id"]

    async def connect(self, **hello: object) -> Talker:
        """A live session; its welcome is the first that it heard."""
        talker = Talker(await dial(self._server))
        await talker.say({"type": "hello", "id": 0, "token": self.token, **hello})
        await talker.hear("welcome")
        return talker

    async def watch(self, *chat_ids: str) -> Talker:
        """A live session with these chats open."""
        return await self.connect(view={"open": list(chat_ids)})


async def dial(server: Running, path: str = "/api/v1/ws", **options: Any) -> ClientConnection:
    """A socket that has said nothing yet."""
    address = server.address.replace("http", "ws", 1) + path
    given: dict[str, Any] = {"compression": None, **options}
    return await connect(address, **given)


async def person(server: Running, username: str) -> Person:
    """A new account."""
    async with server.client() as stranger:
        return Person(server, await register(stranger, username))
