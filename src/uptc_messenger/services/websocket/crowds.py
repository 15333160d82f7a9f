"""About how many members of a large chat are connected, without saying who.

Telling everybody of everybody in a large chat grows with the square of its members. Here each
node counts its own, and tells the number to whoever asks: one small message from each node for
all large chats that somebody has open there, every 15 seconds. Who is on two nodes counts twice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from uptc_messenger.models.base import ChatId
from uptc_messenger.models.frames import Crowd
from uptc_messenger.services.websocket import mail as form
from uptc_messenger.services.websocket.mail import CrowdAskMail, CrowdMail
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.rooms import Directory, Room

EVERY_S: Final = 15.0
ANSWERS_S: Final = 1.0
"""So long the other nodes have to answer; whoever is later does not count this time."""

MOST: Final = 1_000
"""Chats in one question."""

Send = Callable[[str, CrowdMail | CrowdAskMail], object]


@dataclass(slots=True)
class _Count:
    """`heard` is what each node has answered; `due` is when to ask, `tell` when to tell."""

    due: float
    tell: float | None = None
    heard: dict[str, int] = field(default_factory=dict[str, int])


class Crowds:
    """The large chats that somebody here looks at; times are of a clock that never goes back."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._counts: dict[ChatId, _Count] = {}
        self._send: Send = lambda _subject, _mail: None
        self._node = ""

    def connect(self, send: Send, node: str) -> None:
        """There are other nodes."""
        self._send, self._node = send, node

    def turn(self, now: float) -> None:
        """Ask and tell what is due; call it every second or so."""
        rooms = self._directory.large
        seen = [chat for chat, room in rooms.items() if room.viewers]
        self._counts = {chat: self._counts.get(chat, _Count(now)) for chat in seen}
        for chat, counted in self._counts.items():
            if counted.tell is not None and counted.tell <= now:
                counted.tell = None
                self._tell(rooms[chat], sum(counted.heard.values()))
        self._ask([chat for chat, counted in self._counts.items() if counted.due <= now], now)

    def asked(self, mail: CrowdAskMail) -> None:
        """Another node wants to know how many are here."""
        rooms = self._directory.rooms
        here = {chat: len(rooms[chat].people) for chat in mail.chat_ids if chat in rooms}
        if here:
            self._send(form.of_node(mail.node), CrowdMail(self._node, here))

    def told(self, mail: CrowdMail) -> None:
        """Another node says how many are there."""
        for chat, number in mail.here.items():
            if (counted := self._counts.get(chat)) is not None:
                counted.heard[mail.node] = max(number, 0)

    def _ask(self, chats: list[ChatId], now: float) -> None:
        for chat in chats:
            counted = self._counts[chat]
            counted.due, counted.tell, counted.heard = now + EVERY_S, now + ANSWERS_S, {}
        for start in range(0, len(chats), MOST):
            part = chats[start : start + MOST]
            self._send(form.CROWDS, CrowdAskMail(self._node, part))

    def _tell(self, room: Room, elsewhere: int) -> None:
        packet = single(Crowd(chat_id=room.chat_id, online=len(room.people) + elsewhere))
        for subscriber in tuple(room.viewers):
            subscriber.whisper(packet)
