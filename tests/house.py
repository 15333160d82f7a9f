"""A gateway over a real database with clients at its door, and no network between them."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest_asyncio
from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from tests.core import SetClock, World, begin
from tests.fakes import auth_config
from uptc_messenger.controllers.gateway import Gateway, GatewayParts
from uptc_messenger.controllers.origins import Origins
from uptc_messenger.database import DatabaseConfig, open_database
from uptc_messenger.database.installation import identify
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.events import Publication
from uptc_messenger.services import users
from uptc_messenger.services.auth import AuthService, Limiter, open_auth, sessions
from uptc_messenger.services.messages.presentation import preview
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.vigil import Vigil

WAIT_S = 60.0
COUNTED = {"event", "user.event", "chat.head", "digest"}


@dataclass(frozen=True)
class Somebody:
    user_id: UserId
    token: str


class Wire(asyncio.Transport):
    """The two ends of one connection: a client of its own, and the gateway's link."""

    def __init__(self, gateway: Gateway, path: str, headers: dict[str, str], deflate: bool) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        extensions = [ClientPerMessageDeflateFactory()] if deflate else None
        self.client = ClientProtocol(
            parse_uri(f"ws://localhost:8000{path}"), extensions=extensions, max_size=2**25
        )
        self.response: Response | None = None
        self.heard: list[Any] = []
        self.raw: list[bytes] = []
        self.es = 0
        self.reading = True
        self.pauses = 0
        self._news = asyncio.Event()
        self._closed = False
        self._link = gateway.link(server_state=SimpleNamespace(connections=set[Any]()))
        self._link.connection_made(self)
        request = self.client.connect()
        for name, value in headers.items():
            if name in request.headers:
                del request.headers[name]
            request.headers[name] = value
        self.client.send_request(request)
        # At once, so that whoever connects can speak in the same breath.
        for data in self.client.data_to_send():
            self._deliver(data)

    # The client

    def say(self, *objects: dict[str, Any]) -> None:
        """Send one frame: an object, or several as an array."""
        self.say_raw(json.dumps(objects[0] if len(objects) == 1 else list(objects)))

    def say_raw(self, text: str) -> None:
        self.client.send_text(text.encode())
        self._flush()

    def say_binary(self, data: bytes) -> None:
        self.client.send_binary(data)
        self._flush()

    async def hear(self, kind: str | None = None) -> dict[str, Any]:
        """The next object, or the next one of a kind; what comes before it is passed over."""
        async with asyncio.timeout(WAIT_S):
            while True:
                while self.heard:
                    told = self.heard.pop(0)
                    if kind in {None, told["type"], told.get("kind")}:
                        return told
                assert not self._closed, f"closed with {self.code} before {kind}"
                self._news.clear()
                await self._news.wait()

    async def ask(self, **command: Any) -> dict[str, Any]:
        """Send a command and return the answer that refers to it."""
        self.say({"id": "asked", **command})
        while True:
            told = await self.hear()
            if told.get("ref") == "asked":
                return told

    async def all_until_pong(self) -> list[dict[str, Any]]:
        """Everything that was told before the answer to a ping, and that answer."""
        self.say({"type": "ping", "ts": 1})
        found = [await self.hear()]
        while found[-1]["type"] != "pong":
            found.append(await self.hear())
        return found

    @property
    def code(self) -> int | None:
        """The close code that was received."""
        return self.client.close_code if self._closed or self.client.close_rcvd else None

    async def ended(self) -> int | None:
        """Wait for the end, and return its code."""
        async with asyncio.timeout(WAIT_S):
            while not self._closed:
                self._news.clear()
                await self._news.wait()
        return self.client.close_code

    def hang_up(self) -> None:
        """The network breaks."""
        self.abort()

    # The transport of the link

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.raw.append(bytes(data))
        self.client.receive_data(bytes(data))
        self._events()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.client.receive_eof()
            self._loop.call_soon(self._link.connection_lost, None)
            self._news.set()

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self._closed

    def pause_reading(self) -> None:
        self.reading = False
        self.pauses += 1

    def resume_reading(self) -> None:
        self.reading = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name == "peername" else default

    def block(self, *, yes: bool) -> None:
        """The client's side takes nothing more, or takes again."""
        (self._link.pause_writing if yes else self._link.resume_writing)()

    def _events(self) -> None:
        for event in self.client.events_received():
            if isinstance(event, Response):
                self.response = event
            elif isinstance(event, Frame) and event.opcode in {Opcode.TEXT, Opcode.BINARY}:
                self._read(event)
        self._news.set()
        self._flush()

    def _read(self, frame: Frame) -> None:
        if frame.opcode is Opcode.BINARY:
            self.heard.append({"type": "binary", "data": bytes(frame.data)})
            return
        told: Any = json.loads(bytes(frame.data))
        if isinstance(told, dict):
            told = [told]
        for one in told:
            self.es += one.get("type") in COUNTED
            self.heard.append(one)

    def _flush(self) -> None:
        for data in self.client.data_to_send():
            if data:
                self._loop.call_soon(self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        if not self._closed:
            self._link.data_received(data)


class House:
    """A gateway, the people who may come in, and what they do elsewhere."""

    def __init__(self, world: World, gateway: Gateway, auth: AuthService) -> None:
        self.world = world
        self.gateway = gateway
        self.auth = auth
        self._wires: list[Wire] = []

    async def person(self, username: str) -> Somebody:
        user_id = await self.world.user(username)
        return await self.log_in(user_id)

    async def people(self, *usernames: str) -> list[Somebody]:
        return [await self.person(username) for username in usernames]

    async def log_in(self, user_id: UserId) -> Somebody:
        """Another device of a person."""
        opened = await self.world.database.write(
            lambda tx: sessions.open_session(tx, users.me(tx, user_id), "", self.auth.config)
        )
        return Somebody(user_id, opened.token)

    def connect(self, path: str = "/api/v1/ws", *, deflate: bool = False, **headers: str) -> Wire:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wire = Wire(self.gateway, path, named, deflate)
        self._wires.append(wire)
        return wire

    async def enter(
        self, who: Somebody, *chats: ChatId, **hello: Any
    ) -> tuple[Wire, dict[str, Any]]:
        """Connect and say hello with these chats open; returns the welcome too."""
        wire = self.connect()
        view = {"view": {"open": list(chats)}} if chats else {}
        wire.say({"type": "hello", "id": 0, "token": who.token, **view, **hello})
        return wire, await wire.hear("welcome")

    async def close(self) -> None:
        for wire in self._wires:
            wire.close()
        await asyncio.sleep(0)
        await self.gateway.close()
        self.auth.close()


@asynccontextmanager
async def housed(
    url: str, config: WebSocketConfig | None = None, *, limits: bool = False
) -> AsyncGenerator[House, None]:
    """A house over the database at `url`, closed at the end."""
    announced: list[Publication] = []
    listeners = [announced.extend]

    def publish(publications: Sequence[Publication]) -> None:
        for listener in listeners:
            listener(publications)

    await begin(url)
    clock, config = SetClock(), config or WebSocketConfig()
    database = await open_database(DatabaseConfig(url=url), publish=publish, clock=clock)
    auth = await open_auth(database, auth_config(), clock)
    hub = Hub(HeadTicker(config, preview))
    listeners += [auth.published, hub.publish]
    gateway = Gateway(
        GatewayParts(
            config=config,
            database=database,
            auth=auth,
            limiter=Limiter(clock, on=limits),
            hub=hub,
            installation=await identify(database),
            origins=Origins([]),
            vigil=Vigil(asyncio.get_running_loop().time(), alone=True),
            clock=clock,
            echo=True,
        )
    )
    house = House(World(url, database, announced, clock), gateway, auth)
    try:
        yield house
    finally:
        await house.close()
        await database.close()


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncGenerator[House, None]:
    async with housed(f"sqlite:///{tmp_path}/uptc.db") as made:
        yield made
