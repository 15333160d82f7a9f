"""Sessions without sockets: what a hub tells them, decoded as a client would."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tests.core import MemorySocket, new_message_id, unframed
from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.chats import Chat, ChatSettings
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
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.toolkit.ids import uuid7

AT = "2026-11-23T09:00:00.000Z"
CONFIG = WebSocketConfig()


def make_hub(config: WebSocketConfig = CONFIG) -> Hub:
    ticker = HeadTicker(config, lambda event: event.data.body.text if event.data.body else "")
    return Hub(ticker)


class Device(MemorySocket):
    """A session of a person, and what it has received."""

    def __init__(self, user_id: UserId, config: WebSocketConfig = CONFIG) -> None:
        super().__init__()
        self.outbox = Outbox(config, Budget(config.total_bytes))
        self.session_id = SessionId(uuid7())
        self.subscriber = Subscriber(user_id, self.session_id, self.outbox, self)

    def heard(self) -> list[dict[str, Any]]:
        """The objects that wait, taken as if they were written."""
        return [msgspec.json.decode(frame) for frame in unframed(self.outbox.take())]

    def kinds(self) -> list[str]:
        return [str(told.get("kind", told["type"])) for told in self.heard()]


def arrive(hub: Hub, user_id: UserId, *chats: ChatId, config: WebSocketConfig = CONFIG) -> Device:
    """A session that is live, of somebody who is in these chats."""
    device = Device(user_id, config)
    hub.settle(hub.attach(device.subscriber), dict.fromkeys(chats, 0))
    return device


def look(hub: Hub, device: Device, *chats: ChatId) -> None:
    """Open these chats where they stand, as far as the hub knows."""
    hub.show(device.subscriber, chats, ())
    hub.reached(device.subscriber, hub.heads_of(chats))


def said(
    chat_id: ChatId, seq: int, by: UserId, text: str = "hola", mentions: Sequence[str] = ()
) -> ToChat:
    """What a commit announces of a message."""
    message = Message(
        chat_id=chat_id,
        seq=seq,
        n=seq,
        message_id=new_message_id(),
        sender_id=by,
        kind="text",
        body=Body(text=text),
        created_at=AT,
        revision=1,
        deleted=False,
        file_ids=[],
        mentions=list(mentions),
        reactions=[],
    )
    event = MessageNew(chat_id=chat_id, seq=seq, n=seq, actor_id=by, at=AT, data=message)
    return ToChat(event=event, n=seq)


def joined(user_id: UserId, chat_id: ChatId, useq: int = 1, seq: int = 0) -> ToUser:
    chat = Chat(
        chat_id=chat_id,
        kind="group",
        title="Redes",
        topic="",
        role="member",
        seq=seq,
        n=seq,
        read_n=seq,
        mentions=0,
        member_count=2,
        settings=ChatSettings(),
        level="all",
        pinned=False,
        archived=False,
        updated_at=AT,
    )
    return ToUser(user_id=user_id, event=ChatJoined(useq=useq, data=chat))


def left(user_id: UserId, chat_id: ChatId, useq: int = 1) -> ToUser:
    return ToUser(user_id=user_id, event=ChatLeft(useq=useq, data=ChatRef(chat_id=chat_id)))


def new_user() -> UserId:
    return UserId(uuid7())


def new_chat() -> ChatId:
    return ChatId(uuid7())
