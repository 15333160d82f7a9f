"""The conversation of one socket, without the socket: frames and time in, effects out.

AwaitingHello → Authenticating → Live → Closing. Everything here is synchronous and free of
I/O, so a test reads as the conversation that it proves.
"""

from enum import Enum
from typing import Final

from msgspec import UNSET

from uptc_messenger.models.base import Record
from uptc_messenger.models.commands import (
    MAX_COMMANDS,
    Ack,
    AnyCommand,
    Hello,
    Ping,
    Pong,
    Refused,
    decode,
)
from uptc_messenger.models.errors import (
    BadRequest,
    CloseCode,
    Overloaded,
    Problem,
    Unauthenticated,
)
from uptc_messenger.models.fleeting import Frame
from uptc_messenger.models.frames import Error, ServerPing, ServerPong
from uptc_messenger.services.websocket.config import WebSocketConfig

SUBPROTOCOL: Final = "uptc.v1.json"


class Phase(Enum):
    """Where a conversation stands."""

    AWAITING_HELLO = 1
    AUTHENTICATING = 2
    LIVE = 3
    CLOSING = 4


class Authenticate(Record, frozen=True):
    """Prove who is there, then call `welcome` or `refuse`."""

    hello: Hello


class Run(Record, frozen=True):
    """Carry out a command of a live session."""

    command: AnyCommand


class Acknowledge(Record, frozen=True):
    """The client has every counted object up to `es`."""

    es: int


class Say(Record, frozen=True):
    """Send a frame."""

    frame: Frame


class Close(Record, frozen=True):
    """Send what waits, then close."""

    code: CloseCode
    reason: str


Effect = Authenticate | Run | Acknowledge | Say | Close


def refusal(ref: int | str | None, problem: Problem) -> Error:
    """A refusal as a frame; `ref` says of which command."""
    wait, details = problem.retry_after_ms, problem.details
    return Error(
        code=problem.code,
        message=problem.sentence,
        retryable=problem.retryable,
        ref=UNSET if ref is None else ref,
        retry_after_ms=UNSET if wait is None else wait,
        details=UNSET if details is None else details,
    )


class Session:
    """The state of one conversation; times are seconds of a monotonic clock."""

    __slots__ = ("_asked_at", "_config", "_early", "_heard_at", "phase")

    def __init__(self, config: WebSocketConfig, now: float) -> None:
        self._config = config
        self._heard_at = now
        self._asked_at = now
        self._early: list[AnyCommand] | None = None
        self.phase = Phase.AWAITING_HELLO

    def receive(self, frame: bytes, now: float) -> list[Effect]:
        """Read one text frame of valid UTF-8: one command or an array of them."""
        if self.phase is Phase.CLOSING:
            return []
        self._heard_at = now
        effects: list[Effect] = []
        for command in decode(frame):
            self._step(command, effects)
        return effects

    def receive_binary(self) -> list[Effect]:
        """There is no binary form in this version."""
        return self._close(CloseCode.BAD_PROTOCOL, "Frames are text.")

    def welcome(self) -> list[Effect]:
        """The hello was accepted: what came right behind it runs now, the rest as it comes."""
        if self.phase is not Phase.AUTHENTICATING:
            return []
        self.phase = Phase.LIVE
        early, self._early = self._early or [], None
        effects: list[Effect] = []
        for command in early:
            self._step(command, effects)
        return effects

    def refuse(self, ref: int | str | None, problem: Problem, code: CloseCode) -> list[Effect]:
        """The hello was not accepted."""
        return [Say(frame=refusal(ref, problem)), *self._close(code, problem.sentence)]

    def tick(self, now: float, wall_ms: int) -> list[Effect]:
        """What time alone brings about: the end of patience, or a question for a sign of life."""
        match self.phase:
            case Phase.AWAITING_HELLO | Phase.AUTHENTICATING:
                if now - self._asked_at >= self._config.hello_timeout_s:
                    return self._close(CloseCode.NO_HELLO, "No hello in time.")
                return []
            case Phase.LIVE:
                return self._beat(now, wall_ms)
            case Phase.CLOSING:
                return []

    def end(self, code: CloseCode, reason: str) -> list[Effect]:
        """Close for a reason from outside, once."""
        return [] if self.phase is Phase.CLOSING else self._close(code, reason)

    def next_tick(self, now: float) -> float:
        """Seconds until `tick` may have something to do."""
        beat = self._config.heartbeat_ms / 1000
        if self.phase is Phase.LIVE:
            return max(self._asked_at + beat - now, 0.0)
        # Not later than a heartbeat: the session may be live by then.
        return min(max(self._asked_at + self._config.hello_timeout_s - now, 0.0), beat)

    def _beat(self, now: float, wall_ms: int) -> list[Effect]:
        beat = self._config.heartbeat_ms / 1000
        # A clock that is late must not end a session that was never asked.
        unanswered = self._asked_at > self._heard_at
        if unanswered and now - self._heard_at >= 2 * beat:
            return self._close(CloseCode.HEARTBEAT_TIMEOUT, "No sign of life.")
        if now - self._asked_at < beat:
            return []
        self._asked_at = now
        return [Say(frame=ServerPing(ts=wall_ms))]

    def _close(self, code: CloseCode, reason: str) -> list[Effect]:
        self.phase = Phase.CLOSING
        return [Close(code=code, reason=reason)]

    def _step(self, command: AnyCommand | Refused, effects: list[Effect]) -> None:
        match command:
            case Refused(ref=ref, problem=problem):
                effects.append(Say(frame=refusal(ref, problem)))
            case Hello():
                self._hello(command, effects)
            case _ if self.phase is Phase.AUTHENTICATING:
                self._wait(command, effects)
            case _ if self.phase is not Phase.LIVE:
                problem = Unauthenticated("Say hello first.")
                effects.append(Say(frame=refusal(command.id, problem)))
            case Ping(ts=ts):
                effects.append(Say(frame=ServerPong(ts=ts)))
            case Pong():
                pass
            case Ack(es=es):
                effects.append(Acknowledge(es=es))
            case _:
                effects.append(Run(command=command))

    def _wait(self, command: AnyCommand, effects: list[Effect]) -> None:
        if self._early is None:
            self._early = []
        if len(self._early) >= MAX_COMMANDS:
            problem = Overloaded("Wait for the welcome.", retry_after_ms=1000)
            effects.append(Say(frame=refusal(command.id, problem)))
            return
        self._early.append(command)

    def _hello(self, command: Hello, effects: list[Effect]) -> None:
        if self.phase is not Phase.AWAITING_HELLO:
            problem = BadRequest("This socket has said hello already.")
            effects.append(Say(frame=refusal(command.id, problem)))
            return
        self.phase = Phase.AUTHENTICATING
        effects.append(Authenticate(hello=command))
