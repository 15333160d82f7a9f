"""A session over a link: the session decides, this carries it out."""

import asyncio
from functools import partial
from typing import Protocol, assert_never

import msgspec

from uptc_messenger.controllers.dispatch import Answer, Dispatcher, post_of
from uptc_messenger.controllers.websocket import Link
from uptc_messenger.database import Database
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.commands import AnyCommand, AnySend, Hello
from uptc_messenger.models.errors import BadRequest, CloseCode, Problem, broken
from uptc_messenger.models.fleeting import Frame
from uptc_messenger.models.frames import ChatHeads, Flow, Result, ServerPing, ServerPong
from uptc_messenger.models.messages import Sent
from uptc_messenger.services.auth import Limiter
from uptc_messenger.services.messages.posting import post
from uptc_messenger.services.websocket.checkpoints import Checkpoints
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.doze import Doze
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.outbox import Budget, Outbox
from uptc_messenger.services.websocket.packets import Packet, encode, single
from uptc_messenger.services.websocket.session import (
    Acknowledge,
    Authenticate,
    Close,
    Effect,
    Phase,
    Run,
    Say,
    Session,
    refusal,
)
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.toolkit.tasks import TaskGroup


class Stage(Protocol):
    """What conversations share."""

    config: WebSocketConfig
    budget: Budget
    database: Database
    hub: Hub
    dispatcher: Dispatcher
    limiter: Limiter
    tasks: TaskGroup
    doze: Doze
    checkpoints: Checkpoints

    def flush_soon(self, conversation: "Conversation") -> None:
        """Call `flush` at the end of this turn of the loop."""

    def tick_later(self, conversation: "Conversation", after_s: float) -> None:
        """Call `tick` after about so many seconds."""

    async def welcome(self, conversation: "Conversation", hello: Hello) -> None:
        """Prove who is there; then `begin`, `admit` or `refuse`."""

    def sent(self, who: Principal, command: AnySend) -> None:
        """A message was sent: other devices of its author may have to learn it is read."""

    def ended(self, conversation: "Conversation") -> None:
        """The connection is gone."""


class Conversation:
    """One session and its socket; also the hub's way to this client."""

    __slots__ = (
        "_corked",
        "_in_flight",
        "_link",
        "_paused_at",
        "_reading",
        "_scheduled",
        "_stage",
        "cookie",
        "outbox",
        "session",
        "subscriber",
        "who",
    )

    def __init__(self, stage: Stage, link: Link, cookie: str | None) -> None:
        self._stage = stage
        self._link = link
        self.cookie = cookie
        self.session = Session(stage.config, _now())
        self.outbox = Outbox(stage.config, stage.budget)
        self.subscriber: Subscriber | None = None
        self.who: Principal | None = None
        self._corked = False
        self._scheduled = False
        self._paused_at: float | None = None
        self._in_flight = 0
        self._reading = True

    @property
    def peer(self) -> str:
        """The address at the other end."""
        return self._link.peer

    @property
    def over(self) -> bool:
        """Whether nothing more can be said."""
        return self.session.phase is Phase.CLOSING

    def message(self, data: bytes, *, text: bool) -> None:
        if not self._stage.doze.notice(_now()):
            self._link.read_on(yes=False)
            self._stage.doze.put(partial(self._link.read_on, yes=self._reading))
            self._stage.doze.put(partial(self.message, data, text=text))
            return
        session = self.session
        self._perform(session.receive(data, _now()) if text else session.receive_binary())

    def writable(self, *, yes: bool) -> None:
        self._paused_at = None if yes else _now()
        if yes:
            self.flush()
            self._recover()

    def stop(self) -> None:
        self._perform(self.session.end(CloseCode.GOAWAY, "The server is restarting."))

    def lost(self) -> None:
        self.session.phase = Phase.CLOSING
        # Whatever is still put in flows off into nothing: it must not count as waiting.
        self._paused_at, self._corked = None, False
        self.outbox.take()
        self._stage.ended(self)

    def wake(self) -> None:
        if self._paused_at is not None:
            if self.outbox.overflowing:
                self.end(CloseCode.SLOW_CONSUMER, "Too slow.")
        elif self.outbox.waiting_bytes > self._stage.config.soft_bytes and not self._corked:
            # The socket takes it: what is over the limit must not count as being behind.
            self.flush()
        elif not self._scheduled:
            self._scheduled = True
            self._stage.flush_soon(self)

    def end(self, code: CloseCode, reason: str) -> None:
        self._perform(self.session.end(code, reason))

    def begin(self, who: Principal) -> Subscriber:
        """The session is known; what it gets waits until `admit`."""
        self._corked = True
        self.who = who
        self.cookie = None
        self.subscriber = Subscriber(who.user_id, who.session_id, self.outbox, self)
        return self.subscriber

    def admit(self, first: list[Packet]) -> None:
        """The session is live: `first` goes before whatever came in meanwhile."""
        self.outbox.put_before(first)
        self._corked = False
        self.wake()
        self._perform(self.session.welcome())

    def refuse(self, ref: int | str | None, problem: Problem, code: CloseCode) -> None:
        """The hello was not accepted."""
        self._perform(self.session.refuse(ref, problem, code))

    def tick(self, wall_ms: int) -> None:
        """What time alone brings about."""
        if self.session.phase is Phase.CLOSING:
            return
        now = _now()
        stalled = self._paused_at is not None and now - self._paused_at
        if stalled and stalled >= self._stage.config.stall_s:
            self.end(CloseCode.SLOW_CONSUMER, "Nothing was taken for too long.")
            return
        self._perform(self.session.tick(now, wall_ms))
        self._stage.tick_later(self, self.session.next_tick(now))

    def flush(self) -> None:
        """Everything that waits, in one write."""
        self._scheduled = False
        if self._corked or self._paused_at is not None:
            return
        if not self._stage.doze.awake:
            self._stage.doze.put(self.wake)
            return
        packets = self.outbox.take()
        if not packets:
            return
        deflated = self._link.deflated
        parts = [packet.deflated if deflated else packet.data for packet in packets]
        self._link.write(parts[0] if len(parts) == 1 else b"".join(parts))

    def _perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Run(command=command):
                    self._run(command)
                case Say(frame=frame):
                    self.say(frame)
                case Acknowledge(es=es):
                    self._acknowledge(es)
                case Authenticate(hello=hello):
                    self._stage.tasks.start("hello", self._stage.welcome(self, hello))
                case Close(code=code, reason=reason):
                    self._corked = False
                    self.flush()
                    self._link.close(code, reason)
                case _:
                    assert_never(effect)

    def say(self, frame: Frame) -> None:
        """Send one frame; signs of life carry how far the open chats are."""
        if isinstance(frame, ServerPing | ServerPong) and self.subscriber is not None:
            self._stage.checkpoints.give(self.subscriber)
            heads = self._stage.hub.heads_of(self.subscriber.open)
            frame = msgspec.structs.replace(frame, heads=heads)
        self.outbox.put(single(frame))
        self.wake()

    def _acknowledge(self, es: int) -> None:
        if not self.outbox.acknowledge(es):
            self.say(refusal(None, BadRequest("Nothing with this number was sent.")))
        self._recover()

    def _recover(self) -> None:
        held = self.outbox.recover()
        if held is None or self.subscriber is None:
            return
        heads = self._stage.hub.heads_of(held)
        self.outbox.put(single(ChatHeads(heads=heads), counted=1))
        self.say(Flow(state="normal", dropped_from_es=self.outbox.dropped_from_es))

    def _run(self, command: AnyCommand) -> None:
        who, subscriber = self.who, self.subscriber
        if who is None or subscriber is None:
            return
        self._in_flight += 1
        if self._reading and self._in_flight >= self._stage.config.max_in_flight:
            self._reading = False
            self._link.read_on(yes=False)
        if isinstance(command, AnySend):
            self._send(who, command)
        else:
            self._stage.tasks.start("command", self._carry_out(who, subscriber, command))

    def _send(self, who: Principal, command: AnySend) -> None:
        # The hot path: no task of its own, only a place in the lane and a call back.
        try:
            self._stage.limiter.take("send", who.user_id)
            future = self._stage.database.write_each(
                post, post_of(who.user_id, command), Needs(chat_id=command.chat_id)
            )
        except Problem as problem:
            self._refused(command.id, problem)
        else:
            future.add_done_callback(partial(self._sent, who, command))

    def _sent(self, who: Principal, command: AnySend, future: asyncio.Future[Sent]) -> None:
        error = future.exception()
        if error is None:
            self._stage.sent(who, command)
            self._answered(command.id, future.result())
        else:
            self._refused(command.id, error)

    async def _carry_out(self, who: Principal, subscriber: Subscriber, command: AnyCommand) -> None:
        try:
            answer = await self._stage.dispatcher.run(who, subscriber, command, self.say)
        except Problem as problem:
            self._refused(command.id, problem)
        except Exception:
            self._refused(command.id, broken())
            raise
        else:
            self._answered(command.id, answer)

    def _answered(self, ref: int | str | None, answer: Answer) -> None:
        self._done()
        if ref is not None and answer is not None:
            self.say(Result(ref=ref, data=msgspec.Raw(encode(answer))))

    def _refused(self, ref: int | str | None, error: BaseException) -> None:
        self._done()
        self.say(refusal(ref, error if isinstance(error, Problem) else broken()))

    def _done(self) -> None:
        self._in_flight -= 1
        if not self._reading and self._in_flight <= self._stage.config.max_in_flight // 2:
            self._reading = True
            self._link.read_on(yes=True)


def _now() -> float:
    return asyncio.get_running_loop().time()
