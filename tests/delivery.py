"""Sessions without sockets, for tests of the hub: what they were sent is in `frames`."""

import json
from typing import Any

from uptc_messenger.models.base import ChatId, MessageId, SessionId, UserId
from uptc_messenger.models.chats import Chat, ChatSettings
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import (
    ChatJoined,
    ChatLeft,
    ChatRef,
    MessageNew,
    ToChat,
    ToUser,
)
from uptc_messenger.models.messages import Body, Message
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.outbox import Budget, Outbox
from uptc_messenger.services.websocket.packets import Packet
from uptc_messenger.services.websocket.subscriber import Subscriber

NOON = "2026-11-23T12:00:00.000Z"
CHAT = ChatId("chat")


class Line:
    """The way to a client that takes everything at once, or nothing."""

    def __init__(self) -> None:
        self.outbox: Outbox | None = None
        self.packets: list[Packet] = []
        self.ended: CloseCode | None = None
        self.stuck = False

    def wake(self) -> None:
        if self.outbox is not None and not self.stuck:
            self.packets += self.outbox.take()

    def end(self, code: CloseCode, reason: str) -> None:
        assert reason
        self.ended = code


class Ear(Subscriber):
    """A session that remembers."""

    def __init__(self, user: str, config: WebSocketConfig | None = None) -> None:
        self.line = Line()
        outbox = Outbox(config or WebSocketConfig(), Budget(1 << 20))
        self.line.outbox = outbox
        super().__init__(UserId(user), SessionId(f"{user}-{id(self)}"), outbox, self.line)

    @property
    def frames(self) -> list[dict[str, Any]]:
        """Every object that was sent."""
        return [frame for packet in self.line.packets for frame in unpack(packet.data)]

    def kinds(self) -> list[str]:
        """The types of what was sent; of events their kind."""
        return [frame.get("kind") or frame["type"] for frame in self.frames]


def unpack(data: bytes) -> list[dict[str, Any]]:
    """The objects in a run of unmasked text frames (RFC 6455, section 5.2)."""
    frames: list[dict[str, Any]] = []
    while data:
        assert data[0] == 0x81, "a whole text frame, not compressed"
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4]), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10]), 10
        frames.append(json.loads(data[start : start + size]))
        data = data[start + size :]
    return frames


def make_hub(config: WebSocketConfig | None = None) -> Hub:
    """A hub whose previews are the text."""
    return Hub(HeadTicker(config or WebSocketConfig(), text_of))


def text_of(event: MessageNew) -> str:
    return event.data.body.text if event.data.body else ""


def arrive(hub: Hub, ear: Ear, *chats: ChatId, show: tuple[ChatId, ...] = ()) -> Ear:
    """Begin a session of a member of these chats."""
    hub.settle(hub.attach(ear), dict.fromkeys(chats, 0))
    hub.show(ear, show, ())
    hub.reached(ear, hub.heads_of(show))
    return ear


def posted(seq: int, text: str = "hola", chat_id: ChatId = CHAT) -> ToChat:
    """What a send announces."""
    message = Message(
        chat_id=chat_id,
        seq=seq,
        n=seq,
        message_id=MessageId(f"m{seq}"),
        sender_id=UserId("ana"),
        kind="text",
        body=Body(text=text),
        created_at=NOON,
        revision=1,
        deleted=False,
        file_ids=[],
        mentions=[],
        reactions=[],
    )
    event = MessageNew(
        chat_id=chat_id, seq=seq, n=seq, actor_id=UserId("ana"), at=NOON, data=message
    )
    return ToChat(event=event, n=seq)


def joined(user: str, chat_id: ChatId = CHAT, useq: int = 1) -> ToUser:
    """What being added announces."""
    chat = Chat(
        chat_id=chat_id,
        kind="group",
        title="Redes",
        topic="",
        role="member",
        seq=0,
        n=0,
        read_n=0,
        mentions=0,
        member_count=2,
        settings=ChatSettings(),
        level="all",
        pinned=False,
        archived=False,
        updated_at=NOON,
    )
    return ToUser(user_id=UserId(user), event=ChatJoined(useq=useq, data=chat))


def left(user: str, chat_id: ChatId = CHAT, useq: int = 1) -> ToUser:
    """What being removed announces."""
    return ToUser(user_id=UserId(user), event=ChatLeft(useq=useq, data=ChatRef(chat_id=chat_id)))
