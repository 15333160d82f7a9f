"""A client that writes down what it was promised and what it heard, whatever happens to it.

It sends one message after the other, each under one id until it is acknowledged, and applies
the log of its chat by the rule of docs/protocol.md, from which it also has its patience.
"""

import asyncio
import json
import random
import socket as sockets
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

from tests.faults.journal import Journal
from uptc_messenger.toolkit.ids import uuid7

LOST = (WebSocketException, InvalidHandshake, OSError, TimeoutError, EOFError, httpx.HTTPError)
Frame = dict[str, Any]
PATIENCE_S = 8.0
CUT_OFF = 1006
"""No code came."""

FARTHEST = 2_000
"""Who is farther behind may be told to begin anew."""

_PAGE = 200
_SIGN_EVERY_S = 5.0
_FIRST_WAIT_S, _LONGEST_WAIT_S, _STABLE_S = 0.5, 8.0, 60.0
_NARROW = (
    (sockets.IPPROTO_TCP, sockets.TCP_MAXSEG, 536),
    (sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096),
)


class Client:
    """One person at one address, who comes back for as long as `run` lasts."""

    def __init__(self, address: Callable[[], str], token: str, chat_id: str) -> None:
        self.journal = Journal()
        self.chat_id = chat_id
        self.token = token
        self.writing = True
        self.pace_s = 0.1
        self.padding = ""
        self.reading = asyncio.Event()
        self.reading.set()
        self.narrow = False
        """Behind a line that holds next to nothing; for those who do not read."""

        self.prying: Sequence[str] = ()
        """Chats of others that it asks for, again and again."""

        self.address = address
        self._resume: dict[str, Any] | None = None
        self._renewed = False
        self._cursor = 0
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._pending: tuple[str, float] | None = None

    @property
    def cursor(self) -> int:
        """How far the log was applied."""
        return self._cursor

    async def run(self) -> None:
        """Connect, and again, until cancelled."""
        bound = _FIRST_WAIT_S
        while True:
            began = time.monotonic()
            try:
                await self._session()
            except* LOST as lost:
                self._note_close(lost)
            stable = time.monotonic() - began > _STABLE_S
            bound = _FIRST_WAIT_S if stable else bound
            await asyncio.sleep(random.uniform(0, bound))
            bound = min(bound * 2, _LONGEST_WAIT_S)

    def _note_close(self, lost: BaseExceptionGroup[BaseException]) -> None:
        for error in lost.exceptions:
            if isinstance(error, ConnectionClosed):
                self.journal.closes[error.rcvd.code if error.rcvd else CUT_OFF] += 1

    def _line(self, address: str) -> dict[str, Any]:
        """What the connection is made of where it is a narrow one."""
        if not self.narrow:
            return {}
        line = sockets.socket()
        for level, option, value in _NARROW:
            line.setsockopt(level, option, value)
        where = urlsplit(address)
        line.connect((where.hostname, where.port))
        return {"sock": line, "max_queue": 1, "ping_interval": None}

    async def _session(self) -> None:
        address = self.address()
        if not address:
            raise ConnectionRefusedError
        url = address.replace("http", "ws", 1) + "/api/v1/ws"
        options: dict[str, Any] = {"open_timeout": PATIENCE_S, "close_timeout": 1}
        async with connect(url, compression=None, **options, **self._line(address)) as socket:
            await socket.send(json.dumps(self._hello()))
            # Both end with the socket: a writer of before must not answer for the next.
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(socket))
                group.create_task(self._write(socket))

    def _hello(self) -> Frame:
        view = {"open": [self.chat_id, *self.prying]}
        hello: Frame = {"type": "hello", "id": "hello", "token": self.token, "view": view}
        if self._resume is not None:
            opened = [{"chat_id": self.chat_id, "seq": self._cursor}]
            hello["resume"] = {**self._resume, "open": opened}
        return hello

    async def _listen(self, socket: ClientConnection) -> None:
        heard = acknowledged = 0
        while True:
            await self.reading.wait()
            async with asyncio.timeout(60):
                whole: Frame | list[Frame] = json.loads(await socket.recv())
            for frame in whole if isinstance(whole, list) else [whole]:
                heard += frame["type"] in {"event", "user.event", "chat.head", "digest"}
                await self._take(socket, frame)
            if heard - acknowledged >= 32:
                acknowledged = heard
                await socket.send(json.dumps({"type": "ack", "es": heard}))

    async def _take(self, socket: ClientConnection, frame: Frame) -> None:
        self._judge_place(frame)
        match frame:
            case {"type": "welcome"}:
                await self._welcomed(socket, frame)
            case {"type": "checkpoint", "sync_token": token} if self._resume is not None:
                self._resume["sync_token"] = token
            case {"type": "ping", "ts": ts}:
                await socket.send(json.dumps({"type": "pong", "ts": ts}))
            case {"type": "flow", "state": "lagging"}:
                self.journal.demotions += 1
            case {"ref": ref} if ref in self._waiting:
                if not self._waiting[ref].done():
                    self._waiting[ref].set_result(frame)
            case _:
                await self._follow(socket, frame)

    def _judge_place(self, frame: Frame) -> None:
        """Whatever speaks of a chat has to speak of this client's own."""
        if frame["type"] == "error":
            return
        parts = [frame, *frame.get("heads", ()), *frame.get("chats", ())]
        parts.append(frame["data"] if frame["type"] == "user.event" else {})
        for chat_id in {part.get("chat_id", self.chat_id) for part in parts} - {self.chat_id}:
            self.journal.foreign.append(f"{frame['type']} of {chat_id}")

    async def _welcomed(self, socket: ClientConnection, frame: Frame) -> None:
        epoch = frame["log_epoch"]
        self._renewed = bool(self.journal.epochs) and self.journal.epochs[-1] != epoch
        if self._renewed:
            self.journal.begin_anew()
            self._cursor = 0
        if not self.journal.epochs or self._renewed:
            self.journal.epochs.append(epoch)
        self._resume = {"useq": frame["useq"], "sync_token": frame["sync_token"]}
        await self._sync(socket)
        for chat_id in self.prying:
            await self._sync(socket, chat_id)

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

    async def _sync(self, socket: ClientConnection, chat_id: str = "") -> None:
        where = chat_id or self.chat_id
        cursor = {"chat_id": where, "from_seq": 0 if chat_id else self._cursor}
        await socket.send(
            json.dumps({"type": "sync", "id": "sync", "chats": [cursor], "limit": _PAGE})
        )

    async def _synced(self, socket: ClientConnection, frame: Frame) -> None:
        if frame["reset"]:
            if frame["to_seq"] - frame["from_seq"] > FARTHEST:
                await self._load_newest(socket)
            elif not self._renewed:
                self.journal.unexplained += 1
            return
        if frame["from_seq"] > self._cursor:
            return
        for item in frame["items"]:
            if item["seq"] > self._cursor:
                self._note(item)
        self._cursor = max(self._cursor, frame["to_seq"])
        if frame["more"]:
            await self._sync(socket)

    async def _load_newest(self, socket: ClientConnection) -> None:
        async with httpx.AsyncClient(base_url=self.address(), timeout=PATIENCE_S) as http:
            answer = await http.get(
                f"/api/v1/chats/{self.chat_id}/messages?limit={_PAGE}",
                headers={"authorization": f"Bearer {self.token}"},
            )
        page: list[Frame] = answer.raise_for_status().json()["messages"]
        self.journal.begin_anew(floor=page[0]["seq"] - 1)
        self.journal.applied += [(one["seq"], one["message_id"]) for one in page]
        self._cursor = page[-1]["seq"]
        await self._sync(socket)

    async def _apply(self, socket: ClientConnection, event: Frame) -> None:
        if event["seq"] == self._cursor + 1:
            self._note(event)
            self._cursor += 1
        elif event["seq"] > self._cursor:
            await self._sync(socket)

    def _note(self, event: Frame) -> None:
        data = event["data"]
        name = data["message_id"] if event["kind"] == "message.new" else event["kind"]
        self.journal.applied.append((event["seq"], name))

    async def _write(self, socket: ClientConnection) -> None:
        while True:
            if not self.writing and self._pending is None:
                await self._rest(socket)
                continue
            name, first = self._pending = self._pending or (uuid7(), time.monotonic())
            self.journal.tried.add(name)
            answer = await self._ask(socket, name)
            if answer["type"] == "result":
                now = time.monotonic()
                self.journal.promise(name, answer["data"]["seq"], now, now - first)
                self._pending = None
            else:
                self._refused(answer)
            await asyncio.sleep(self.pace_s if answer["type"] == "result" else 0.3)

    async def _rest(self, socket: ClientConnection) -> None:
        """Say nothing for a moment; who does not read gives signs of life."""
        if not self.reading.is_set():
            await socket.send(json.dumps({"type": "ping"}))
        await asyncio.sleep(0.1 if self.reading.is_set() else _SIGN_EVERY_S)

    def _refused(self, answer: Frame) -> None:
        details: Frame = answer.get("details") or {}
        self.journal.refusals[details.get("reason", answer["code"])] += 1
        if not answer["retryable"]:
            self.journal.strange.append(f"refused: {answer}")
            self._pending = None

    async def _ask(self, socket: ClientConnection, name: str) -> Frame:
        self._waiting[name] = asyncio.get_running_loop().create_future()
        try:
            command = {"type": "message.send", "id": name, "chat_id": self.chat_id}
            body = {"message_id": name, "body": {"text": f"mensaje {name}{self.padding}"}}
            await socket.send(json.dumps({**command, **body}))
            async with asyncio.timeout(PATIENCE_S):
                return await self._waiting[name]
        finally:
            del self._waiting[name]
