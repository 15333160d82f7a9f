"""All sockets of this process: what they share, and the timers that drive them."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any, Final

from websockets.http11 import Request

from uptc_messenger.controllers import handshake
from uptc_messenger.controllers.conversation import Conversation
from uptc_messenger.controllers.dispatch import Dispatcher
from uptc_messenger.controllers.echo import Echo
from uptc_messenger.controllers.greeting import Greeter
from uptc_messenger.controllers.handshake import Admission, Refusal
from uptc_messenger.controllers.origins import Origins
from uptc_messenger.controllers.partings import Partings
from uptc_messenger.controllers.read_sync import ReadSync
from uptc_messenger.controllers.views import Views
from uptc_messenger.controllers.websocket import Link, Talk
from uptc_messenger.database import Database
from uptc_messenger.database.installation import Installation
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId
from uptc_messenger.models.commands import AnySend, ForwardMessage, Hello
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.frames import GoAway
from uptc_messenger.services.auth import AuthService, Limiter
from uptc_messenger.services.websocket.checkpoints import Checkpoints
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.doze import Doze
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.outbox import Budget
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.presence import PresenceBoard
from uptc_messenger.services.websocket.tokens import SyncTokens
from uptc_messenger.services.websocket.vigil import Vigil
from uptc_messenger.services.websocket.wheel import Wheel
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.tasks import TaskGroup

_TURN_S: Final = 0.1
_TURNS_A_SECOND: Final = 10
_WAVES: Final = 20


@dataclass(frozen=True, slots=True)
class GatewayParts:
    """What `app.py` made and the gateway works with."""

    config: WebSocketConfig
    database: Database
    auth: AuthService
    limiter: Limiter
    hub: Hub
    installation: Installation
    origins: Origins
    clock: Clock
    vigil: Vigil
    echo: bool
    serving: bool = True
    """Whether this node has the role of a gateway."""


class Gateway:
    """Opens conversations and gives them time; the `Host` of links and `Stage` of talks."""

    def __init__(self, parts: GatewayParts) -> None:
        self.config = parts.config
        self.max_frame = parts.config.max_frame
        self.database = parts.database
        self.limiter = parts.limiter
        self.hub = parts.hub
        self.budget = Budget(parts.config.total_bytes)
        self.tasks = TaskGroup("gateway")
        self.draining = False
        self.sockets = 0
        self._parts = parts
        self._due: list[Conversation] = []
        self._loop = asyncio.get_running_loop()
        self._wheel: Wheel[Conversation] = Wheel(self._tick, self._loop.time())
        self.elsewhere = Elsewhere(parts.config)
        self._presence = PresenceBoard(
            parts.hub.directory, self._grace, parts.clock, self.elsewhere
        )
        self._views = Views(parts.database, parts.hub, self._presence, self.elsewhere)
        self._reads = ReadSync(parts.database)
        self._partings = Partings(parts.database, self._presence)
        self._graces: Wheel[UserId] = Wheel(self._partings.note, self._loop.time())
        self.dispatcher = Dispatcher(parts.database, self._views, parts.limiter)
        tokens = SyncTokens(parts.installation.sync_key, parts.installation.log_epoch)
        self.renewed = tokens.begin
        """To be called with its name when the log is another one."""

        self.doze = Doze(parts.vigil)
        self.checkpoints = Checkpoints(parts.hub, tokens)
        self._greeter = Greeter(self, parts.auth, self._views, tokens, parts)

    @property
    def hellos_turned_away(self) -> int:
        """Sessions that were told to come back later, for too many came at once."""
        return self._greeter.turned_away

    def link(self, *, server_state: Any, **_: Any) -> Link:  # noqa: ANN401 - uvicorn's signature
        """A protocol for one upgrade request: what uvicorn takes for its `ws` class."""
        return Link(self, server_state.connections)

    def start(self) -> None:
        """Give time to conversations until `close`."""
        self.tasks.start("clock", self._run())

    async def drain(self) -> None:
        """Say goodbye to everyone over the configured window; new sockets are refused."""
        self.draining = True
        config = self.config
        people = list(self.hub.directory.people.values())
        sessions = [s for person in people for s in person.subscribers]
        random.shuffle(sessions)
        paced = max(config.drain_s, len(sessions) / config.drain_per_s)
        step = min(paced, config.drain_max_s) / max(len(sessions), 1)
        for index, subscriber in enumerate(sessions):
            after_ms = int(index * step * 1000)
            subscriber.put(single(GoAway(reason="drain", after_ms=after_ms, resume=True)))
        for index, subscriber in enumerate(sessions):
            if index % max(len(sessions) // _WAVES, 1) == 0:
                await asyncio.sleep(step * max(len(sessions) // _WAVES, 1))
            subscriber.end(CloseCode.GOAWAY, "The server is restarting.")

    async def close(self) -> None:
        """Stop the timers and whatever is under way."""
        await self.tasks.close()

    def judge(self, request: Request) -> Admission | Refusal:
        """Decide on an upgrade request."""
        parts = self._parts
        return handshake.judge(request, parts.origins, echo=parts.echo, serving=parts.serving)

    def open(self, link: Link, admission: Admission) -> Talk:
        """Begin to talk over an accepted socket."""
        if admission.echo:
            return Echo(link)
        self.sockets += 1
        conversation = Conversation(self, link, admission.token)
        self.tick_later(conversation, conversation.session.next_tick(self._loop.time()))
        return conversation

    def flush_soon(self, conversation: Conversation) -> None:
        """Call `flush` at the end of this turn of the loop."""
        if not self._due:
            self._loop.call_soon(self._flush)
        self._due.append(conversation)

    def tick_later(self, conversation: Conversation, after_s: float) -> None:
        """Call `tick` after about so many seconds."""
        self._wheel.add(conversation, self._loop.time() + after_s)

    async def welcome(self, conversation: Conversation, hello: Hello) -> None:
        """Prove who is there and let them in, or say why not."""
        await self._greeter.greet(conversation, hello)

    def arrived(self, conversation: Conversation) -> None:
        """A session is live."""
        if conversation.subscriber is not None:
            self._presence.arrived(conversation.subscriber)

    def sent(self, who: Principal, command: AnySend) -> None:
        """Other devices of the author have to learn how far the author has read.

        Of a forward every device: whether it moved the mark, only the server knows for sure.
        """
        if self.hub.sessions_of(who.user_id) > 1 or isinstance(command, ForwardMessage):
            self._reads.note(who.user_id, command.chat_id)

    def ended(self, conversation: Conversation) -> None:
        """The connection is gone."""
        self.sockets -= 1
        subscriber = conversation.subscriber
        if subscriber is not None:
            self.hub.detach(subscriber)
            self._presence.departed(subscriber)
        if conversation.who is not None:
            self._parts.auth.left(conversation.who)

    def _flush(self) -> None:
        due, self._due = self._due, []
        self.doze.notice(self._loop.time())
        for conversation in due:
            conversation.flush()

    async def _run(self) -> None:
        turn = 0
        while True:
            await asyncio.sleep(_TURN_S)
            turn += 1
            now = self._loop.time()
            self.doze.notice(now)
            self.hub.tick(now)
            self.checkpoints.turn()
            if turn % _TURNS_A_SECOND == 0:
                self._wheel.turn(now)
                self._graces.turn(now)
                self.checkpoints.offer(self._parts.vigil.watermark(self._parts.clock), now)
                if self._reads.due and not self._reads.busy:
                    self.tasks.start("reads", self._reads.flush())
                if self._partings.due and not self._partings.busy:
                    self.tasks.start("partings", self._partings.flush())

    def woken(self) -> None:
        """The node slept, and it is certain again who may do and hear what."""
        self.hub.check_all()
        self.doze.wake()

    def _tick(self, conversation: Conversation) -> None:
        conversation.tick(self._parts.clock())

    def _grace(self, user_id: UserId) -> None:
        self._graces.add(user_id, self._loop.time() + self.config.offline_after_s)
