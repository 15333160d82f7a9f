"""Heads: that a chat moved, for the sessions that do not look at it.

A chat says so at most every two seconds, and a session hears of all its chats together at
most every second: an idle session costs one small frame a second however busy its chats.
The first move after a quiet time is told at once. Who has muted a chat hears only that
everybody was called.
"""

from collections.abc import Callable
from typing import Final

from msgspec import UNSET, UnsetType

from uptc_messenger.models.events import MessageNew
from uptc_messenger.models.frames import ChatHeads, Head, HeadFile
from uptc_messenger.models.messages import Message
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import Packet, single
from uptc_messenger.services.websocket.rooms import Room
from uptc_messenger.services.websocket.subscriber import Subscriber

SESSION_EVERY_S: Final = 1.0
Preview = Callable[[MessageNew], str]
"""A line of the newest message for a list of chats."""


class HeadTicker:
    """Rooms that moved, and sessions that are still to hear of it."""

    def __init__(self, config: WebSocketConfig, preview: Preview) -> None:
        self._preview = preview
        self._every = config.head_every_s
        self._moved: dict[Room, float] = {}
        self._waiting: dict[Subscriber, float] = {}
        self._now = 0.0

    @property
    def idle(self) -> bool:
        """Whether `tick` has nothing to do."""
        return not self._moved and not self._waiting

    def moved(self, room: Room) -> None:
        """A chat has a new head."""
        self._moved.setdefault(room, self._now)

    def owed(self, room: Room) -> None:
        """A chat had a new head before, and somebody who was owed more was not told."""
        self._moved[room] = 0.0

    def settled(self, until: float) -> bool:
        """Whether every head that was new by then has been told to whoever it is for."""
        told = (*self._moved.values(), *self._waiting.values())
        return not told or min(told) > until

    def tick(self, now: float) -> None:
        """Send what is due; call it a few times a second."""
        self._now = now
        for room in [room for room in self._moved if room.head_due <= now]:
            since = self._moved.pop(room)
            room.head_due = now + self._every
            self._collect(room, since)
        packets: dict[tuple[Head, ...], Packet] = {}
        for subscriber in [s for s in self._waiting if s.heads_due <= now]:
            del self._waiting[subscriber]
            subscriber.heads_due = now + SESSION_EVERY_S
            _send(subscriber, packets)

    def _collect(self, room: Room, since: float) -> None:
        head: Head | None = None
        for person in room.people:
            for subscriber in person.subscribers:
                if room.chat_id in subscriber.open:
                    continue
                if room.chat_id in subscriber.muted and not room.called:
                    subscriber.pass_over(room.chat_id)
                    continue
                # Only now: where everybody looks at the chat nobody needs a preview.
                head = head or self._head(room)
                if subscriber.heads is None:
                    subscriber.heads = {}
                subscriber.heads[room.chat_id] = head
                self._waiting.setdefault(subscriber, since)
        room.called = False

    def _head(self, room: Room) -> Head:
        newest = None if room.newest is None else room.newest.event
        said = newest if isinstance(newest, MessageNew) else None
        return Head(
            chat_id=room.chat_id,
            seq=room.seq,
            n=room.n,
            preview=UNSET if said is None else self._preview(said),
            sender_id=UNSET if said is None else said.data.sender_id,
            files=UNSET if said is None else _sent(said.data),
            mentions_all=room.called or UNSET,
        )


def _sent(message: Message) -> tuple[HeadFile, ...] | UnsetType:
    """Its files, where they are all there is to tell."""
    if not message.files or (message.body is not None and message.body.text.strip()):
        return UNSET
    return tuple(HeadFile(kind=file.kind, name=file.name) for file in message.files)


def _send(subscriber: Subscriber, packets: dict[tuple[Head, ...], Packet]) -> None:
    heads, subscriber.heads = subscriber.heads, None
    if not heads:
        return
    key = tuple(heads.values())
    packet = packets.get(key)
    if packet is None:
        packet = packets[key] = single(ChatHeads(heads=list(key)), counted=1)
    subscriber.put(packet)
