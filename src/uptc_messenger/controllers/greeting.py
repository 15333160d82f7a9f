"""From `hello` to `welcome`: prove, attach, read, show, and only then speak."""

import asyncio
import random
from functools import partial
from typing import Final, Protocol

from msgspec import UNSET

from uptc_messenger.controllers.conversation import Conversation
from uptc_messenger.controllers.opening import Opening, packets, read_opening
from uptc_messenger.controllers.views import Views
from uptc_messenger.database import Database
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.commands import Hello
from uptc_messenger.models.errors import (
    CloseCode,
    Conflict,
    Overloaded,
    Problem,
    RateLimited,
    SessionExpired,
    Unauthenticated,
    broken,
)
from uptc_messenger.models.frames import Limits, Presence, Rates, ViewState, Welcome
from uptc_messenger.services.auth import AuthService, Limiter, per_minute
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.outbox import Budget
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.session import SUBPROTOCOL
from uptc_messenger.services.websocket.tokens import SyncTokens
from uptc_messenger.toolkit.clock import Clock, rfc3339, steady_clock
from uptc_messenger.toolkit.gcra import Gcra

_OPENINGS: Final = 32
_SECOND_US: Final = 1_000_000
_SPREAD_MS: Final = (500, 3_000)
_EVERYBODY: Final = "hello"
_NOTHING: Final = ViewState(heads=[], presence=[])


class Reception(Protocol):
    """What greeting asks of the gateway."""

    config: WebSocketConfig
    budget: Budget
    database: Database
    hub: Hub
    limiter: Limiter
    draining: bool

    def arrived(self, conversation: Conversation) -> None:
        """A session is live."""
        ...


class Facts(Protocol):
    """What greeting is told once."""

    @property
    def clock(self) -> Clock: ...


class Greeter:
    """Lets sessions in."""

    def __init__(
        self,
        reception: Reception,
        auth: AuthService,
        views: Views,
        tokens: SyncTokens,
        facts: Facts,
    ) -> None:
        self._reception = reception
        self._auth = auth
        self._views = views
        self._tokens = tokens
        self._facts = facts
        # When everybody comes back at once the database is asked by so many, and the rest wait.
        self._openings = asyncio.Semaphore(_OPENINGS)
        rate = reception.config.hellos_per_s
        self._hellos = Gcra(rate, _SECOND_US // rate)
        self.turned_away = 0

    async def greet(self, conversation: Conversation, hello: Hello) -> None:
        """Let the session in, or refuse it with the code that says whether to come back."""
        try:
            who = await self._prove(conversation, hello)
            # Whoever hung up meanwhile would never be detached again.
            if not conversation.over:
                await self._admit(conversation, hello, who)
        except Problem as problem:
            conversation.refuse(hello.id, problem, _code(problem))
        except Exception:
            conversation.refuse(hello.id, broken(), CloseCode.INTERNAL)
            raise

    async def _prove(self, conversation: Conversation, hello: Hello) -> Principal:
        reception = self._reception
        full = reception.hub.sessions >= reception.config.max_sessions
        if reception.draining or full or reception.budget.exhausted:
            raise Overloaded(retry_after_ms=2_000)
        self._take_turn()
        token = hello.token or conversation.cookie
        if token is None:
            raise Unauthenticated
        who = await self._auth.authenticate(token)
        reception.limiter.take("connect", who.session_id)
        if reception.hub.sessions_of(who.user_id) >= reception.config.max_user_sessions:
            raise Conflict("Too many connections of this account are open.")
        return who

    def _take_turn(self) -> None:
        wait_us = self._hellos.take(_EVERYBODY, steady_clock() * 1_000)
        if wait_us and self._reception.limiter.on:
            self.turned_away += 1
            # At random over the time that so many take, or all come back in the same moment.
            raise Overloaded(retry_after_ms=wait_us // 1_000 + random.randint(*_SPREAD_MS))  # noqa: S311

    async def _admit(self, conversation: Conversation, hello: Hello, who: Principal) -> None:
        hub = self._reception.hub
        # Attach first: what is committed while the database is read is not missed.
        subscriber = conversation.begin(who)
        person = hub.attach(subscriber)
        watermark = self._facts.clock()
        self._tokens.observe(watermark)
        async with self._openings:
            opening = await self._reception.database.read(
                partial(read_opening, who=who, hello=hello, tokens=self._tokens)
            )
        if conversation.over:
            return
        hub.settle(person, opening.chats, opening.useq, opening.apart)
        view = await self._views.restore(subscriber, hello.view) if hello.view else _NOTHING
        self._reception.arrived(conversation)
        subscriber.watermark = watermark
        welcome = self._welcome(who, hello, opening, view, self._tokens.issue(watermark))
        first = packets(welcome, opening)
        if view.presence:
            first.append(single(Presence(users=view.presence)))
        conversation.admit(first)

    def _welcome(
        self, who: Principal, hello: Hello, opening: Opening, view: ViewState, token: str
    ) -> Welcome:
        config = self._reception.config
        return Welcome(
            ref=UNSET if hello.id is None else hello.id,
            session_id=who.session_id,
            user_id=who.user_id,
            protocol=SUBPROTOCOL,
            server_time=rfc3339(self._facts.clock()),
            heartbeat_ms=config.heartbeat_ms,
            limits=_limits(config),
            log_epoch=self._tokens.log_epoch,
            useq=opening.useq,
            heads=view.heads,
            resumed=opening.resumed,
            sync_token=token,
        )


def _limits(config: WebSocketConfig) -> Limits:
    rates = Rates(send=per_minute("send"), typing=per_minute("typing"), other=per_minute("other"))
    return Limits(
        frame=config.max_frame,
        window_events=config.window_events,
        window_bytes=config.window_bytes,
        rates=rates,
    )


def _code(problem: Problem) -> CloseCode:
    match problem:
        case Unauthenticated() | SessionExpired():
            return CloseCode.TOKEN_INVALID
        case RateLimited():
            return CloseCode.RATE_LIMITED
        case Conflict():
            return CloseCode.TOO_MANY_SESSIONS
        case _:
            return CloseCode.OVERLOADED
