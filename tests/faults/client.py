"""A client that writes down what it was promised and what it heard, whatever happens to it.

It sends one message after the other, each under one id until it is acknowledged, and applies
the log of its chat by the rule of docs/protocol.md.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from uptc_messenger.toolkit.ids import uuid7

LOST = (WebSocketException, InvalidHandshake, OSError, TimeoutError, EOFError)
Frame = dict[str, Any]
PATIENCE_S = 8.0
_PAGE = 200


@dataclass
class Journal:
    """What one client knows."""

    promised: dict[str, int] = field(default_factory=dict[str, int])
    """Position by message id: acknowledged."""

    tried: set[str] = field(default_factory=set[str])
    applied: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """(seq, message_id or kind), in the order in which they were applied."""

    strange: list[str] = field(default_factory=list[str])
    """What must never be."""

    answered_at: list[float] = field(default_factory=list[float])
    latencies: list[float] = field(default_factory=list[float])


class Client:
    """One person at one address, who comes back for as long as `run` lasts."""

    def __init__(self, address: Callable[[], str], token: str, chat_id: str) -> None:
        self.journal = Journal()
        self.chat_id = chat_id
        self.writing = True
        self._address = address
        self._token = token
        self._resume: dict[str, Any] | None = None
        self._cursor = 0
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._pending: str | None = None

    @property
    def cursor(self) -> int:
        """How far the log was applied."""
        return self._cursor

    async def run(self) -> None:
        """Connect, and again, until cancelled."""
        wait = 0.1
        while True:
            began = time.monotonic()
            try:
                await self._session()
            except* LOST:
                pass
            wait = 0.1 if time.monotonic() - began > 5 else min(wait * 2, 2.0)
            await asyncio.sleep(random.uniform(0, wait))

    async def _session(self) -> None:
        url = self._address().replace("http", "ws", 1) + "/api/v1/ws"
        async with connect(
            url, open_timeout=PATIENCE_S, close_timeout=1, compression=None
        ) as socket:
            hello: dict[str, Any] = {
                "type": "hello",
                "id": "hello",
                "token": self._token,
                "view": {"open": [self.chat_id]},
            }
            if self._resume is not None:
                opened = [{"chat_id": self.chat_id, "seq": self._cursor}]
                hello["resume"] = {**self._resume, "open": opened}
            await socket.send(json.dumps(hello))
            # Both end with the socket: a writer of before must not answer for the next.
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(socket))
                group.create_task(self._write(socket))

    async def _listen(self, socket: ClientConnection) -> None:
        heard = acknowledged = 0
        while True:
            async with asyncio.timeout(40):
                whole: Frame | list[Frame] = json.loads(await socket.recv())
            for frame in whole if isinstance(whole, list) else [whole]:
                heard += frame["type"] in {"event", "user.event", "chat.head", "digest"}
                await self._take(socket, frame)
            if heard - acknowledged >= 32:
                acknowledged = heard
                await socket.send(json.dumps({"type": "ack", "es": heard}))

    async def _take(self, socket: ClientConnection, frame: Frame) -> None:
        match frame:
            case {"type": "welcome"}:
                self._resume = {"useq": frame["useq"], "sync_token": frame["sync_token"]}
                await self._sync(socket)
            case {"type": "checkpoint", "sync_token": token} if self._resume is not None:
                self._resume["sync_token"] = token
            case {"type": "ping", "ts": ts}:
                await socket.send(json.dumps({"type": "pong", "ts": ts}))
            case {"ref": ref} if ref in self._waiting:
                if not self._waiting[ref].done():
                    self._waiting[ref].set_result(frame)
            case _:
                await self._follow(socket, frame)

    async def _follow(self, socket: ClientConnection, frame: Frame) -> None:
        match frame:
            case {"type": "event"}:
                await self._apply(socket, frame)
            case {"type": "sync.result", "chat_id": self.chat_id}:
                await self._synced(socket, frame)
            case {"type": "chat.head", "heads": heads}:
                if any(h["chat_id"] == self.chat_id and h["seq"] > self._cursor for h in heads):
                    await self._sync(socket)
            case _:
                pass

    async def _sync(self, socket: ClientConnection) -> None:
        chats = [{"chat_id": self.chat_id, "from_seq": self._cursor}]
        await socket.send(
            json.dumps({"type": "sync", "id": "sync", "chats": chats, "limit": _PAGE})
        )

    async def _synced(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        if frame["reset"]:
            self.journal.strange.append("a reset without a restore")
            return
        if frame["from_seq"] > self._cursor:
            return
        for item in frame["items"]:
            if item["seq"] > self._cursor:
                self._note(item)
        self._cursor = max(self._cursor, frame["to_seq"])
        if frame["more"]:
            await self._sync(socket)

    async def _apply(self, socket: ClientConnection, event: dict[str, Any]) -> None:
        if event["chat_id"] != self.chat_id:
            self.journal.strange.append(f"an event of {event['chat_id']}")
        elif event["seq"] == self._cursor + 1:
            self._note(event)
            self._cursor += 1
        elif event["seq"] > self._cursor:
            await self._sync(socket)

    def _note(self, event: dict[str, Any]) -> None:
        data = event["data"]
        name = data["message_id"] if event["kind"] == "message.new" else event["kind"]
        self.journal.applied.append((event["seq"], name))

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            if not self.writing and self._pending is None:
                await asyncio.sleep(0.1)
                continue
            name = self._pending or uuid7()
            self._pending = name
            self.journal.tried.add(name)
            answer, took = await self._ask(socket, name)
            if answer["type"] == "result":
                self._promise(name, answer["data"]["seq"], took)
            elif not answer["retryable"]:
                self.journal.strange.append(f"refused: {answer}")
                self._pending = None
            await asyncio.sleep(0.05 if answer["type"] == "result" else 0.3)

    def _promise(self, name: str, seq: int, took: float) -> None:
        if self.journal.promised.setdefault(name, seq) != seq:
            self.journal.strange.append("a retry got another place")
        self.journal.answered_at.append(time.monotonic())
        self.journal.latencies.append(took)
        self._pending = None

    async def _ask(self, socket: ClientConnection, name: str) -> tuple[dict[str, Any], float]:
        self._waiting[name] = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        try:
            command = {"type": "message.send", "id": name, "chat_id": self.chat_id}
            body = {"message_id": name, "body": {"text": f"mensaje {name}"}}
            await socket.send(json.dumps({**command, **body}))
            async with asyncio.timeout(PATIENCE_S):
                return await self._waiting[name], time.monotonic() - began
        finally:
            del self._waiting[name]
