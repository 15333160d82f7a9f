"""One live session as the hub sees it: whose it is, what it shows, where its frames go."""

from collections.abc import Collection
from typing import Protocol

from uptc_messenger.models.base import ChatId, Millis, SessionId, UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import EndSessions
from uptc_messenger.models.frames import Flow, Head, PresenceState
from uptc_messenger.services.websocket.outbox import Outbox
from uptc_messenger.services.websocket.packets import Packet, single


class Socket(Protocol):
    """The way to one client."""

    def wake(self) -> None:
        """Something waits in the outbox: write it soon, or end a session that takes nothing."""
        ...

    def end(self, code: CloseCode, reason: str) -> None:
        """Send what waits, then close."""
        ...


class Subscriber:
    """A session that is told things; `open` are the chats whose bodies it gets."""

    __slots__ = (
        "_socket",
        "heads",
        "heads_due",
        "muted",
        "open",
        "outbox",
        "passed_over",
        "session_id",
        "state",
        "user_id",
        "watched",
        "watermark",
    )

    def __init__(
        self, user_id: UserId, session_id: SessionId, outbox: Outbox, socket: Socket
    ) -> None:
        self.user_id = user_id
        self.session_id = session_id
        self.outbox = outbox
        self._socket = socket
        self.open: Collection[ChatId] = ()
        self.muted: Collection[ChatId] = ()
        self.watched: Collection[UserId] = ()
        self.state: PresenceState = "online"
        self.heads: dict[ChatId, Head] | None = None
        self.heads_due = 0.0
        self.passed_over: set[ChatId] | None = None
        self.watermark: Millis = 0

    def put(self, packet: Packet) -> None:
        """Send what cannot be read again later."""
        self.outbox.put(packet)
        self._socket.wake()

    def offer(self, packet: Packet, chat_id: ChatId) -> None:
        """Send events of a chat, or only remember that the chat moved."""
        lagged = self.outbox.lagging
        if self.outbox.offer(packet, chat_id):
            self._socket.wake()
        elif not lagged:
            flow = Flow(state="lagging", dropped_from_es=self.outbox.dropped_from_es)
            self.put(single(flow))

    def whisper(self, packet: Packet) -> None:
        """Send something fleeting, unless the session has enough to do already."""
        if self.outbox.at_ease:
            self.outbox.put(packet)
            self._socket.wake()

    def pass_over(self, chat_id: ChatId) -> None:
        """A muted chat moved: it is told only before the next token that speaks of it."""
        if self.passed_over is None:
            self.passed_over = set()
        self.passed_over.add(chat_id)

    def end(self, code: CloseCode, reason: str) -> None:
        """Send what waits, then close."""
        self._socket.end(code, reason)

    def end_if_named(self, ended: EndSessions) -> None:
        """Close where this is one of the sessions that may do nothing more."""
        if ended.session_ids is None or self.session_id in ended.session_ids:
            self.end(ended.code, _FAREWELL.get(ended.code, "This session was ended."))


_FAREWELL = {CloseCode.ACCOUNT_DISABLED: "This account was disabled."}
