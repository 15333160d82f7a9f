"""Delivery: what a commit announces reaches every session that may see it, and no other.

An event is encoded and framed once, whatever the number of sessions; the events that one
commit made in one chat leave in one packet.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import assert_never

from uptc_messenger.models.base import ChatId, SessionId, UserId
from uptc_messenger.models.errors import CloseCode, NotFound
from uptc_messenger.models.events import (
    Apart,
    ChatEvent,
    ChatJoined,
    ChatLeft,
    EndSessions,
    MessageNew,
    Publication,
    ReceiptShown,
    ToChat,
    ToUser,
    ToViewers,
    Typing,
)
from uptc_messenger.models.frames import GoAway, Head, Presence, PresenceEntry
from uptc_messenger.models.messages import ALL
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.packets import Packet, encode, single
from uptc_messenger.services.websocket.rooms import Directory, Person, Room
from uptc_messenger.services.websocket.subscriber import Subscriber

TYPING_VIEWERS = 500
"""With more people looking at a chat, nobody is told who is typing."""


class Hub:
    """Sessions of this process, and what each of them is told."""

    def __init__(self, heads: HeadTicker) -> None:
        self.directory = Directory()
        self._heads = heads
        self.delivered = 0

    @property
    def sessions(self) -> int:
        """Live sessions."""
        return self.directory.sessions

    def attach(self, subscriber: Subscriber) -> Person:
        """Begin: from now on the session gets its user's events; then read and `settle`."""
        return self.directory.arrive(subscriber)

    def settle(
        self, person: Person, chat_ids: Iterable[ChatId], apart: Iterable[UserId] = ()
    ) -> None:
        """The chats and blocks of a person, read after `attach`."""
        self.directory.settle(person, set(chat_ids), apart)

    def detach(self, subscriber: Subscriber) -> bool:
        """End; returns whether it was the user's last session."""
        return self.directory.depart(subscriber)

    def sessions_of(self, user_id: UserId) -> int:
        """Live sessions of one user."""
        person = self.directory.people.get(user_id)
        return len(person.subscribers) if person else 0

    def show(
        self,
        subscriber: Subscriber,
        opened: Collection[ChatId],
        muted: Collection[ChatId],
        heads: Collection[ChatId] = (),
    ) -> None:
        """Replace what a session shows; raises `NotFound` for a chat it may not see."""
        person = self.directory.people[subscriber.user_id]
        for chat_id in (*opened, *muted, *heads):
            if chat_id not in person.chats:
                raise NotFound(details={"chat_id": chat_id})
        self.directory.show(subscriber, tuple(dict.fromkeys(opened)))
        subscriber.muted = frozenset(muted)

    def visible(self, subscriber: Subscriber, chat_ids: Iterable[ChatId]) -> list[ChatId]:
        """Those of the chats that the session's user belongs to."""
        person = self.directory.people[subscriber.user_id]
        return [chat_id for chat_id in chat_ids if chat_id in person.chats]

    def reached(self, heads: Iterable[Head]) -> None:
        """Heads as they were read from the log, for rooms where nothing happened yet."""
        for head in heads:
            room = self.directory.rooms.get(head.chat_id)
            if room is not None and head.seq > room.seq:
                room.seq, room.n = head.seq, head.n

    def publish(self, publications: Sequence[Publication]) -> None:
        """Deliver what a commit announces, in its order within each chat and each user."""
        chats: dict[ChatId, list[ToChat]] = {}
        for publication in publications:
            match publication:
                case ToChat():
                    chats.setdefault(publication.event.chat_id, []).append(publication)
                case ToUser():
                    self._to_user(publication, chats)
                case ToViewers():
                    self._to_viewers(publication.frame)
                case Apart(one=one, other=other, on=on):
                    self._part(one, other, on=on)
                case EndSessions():
                    self._flush(chats)
                    self._end_sessions(publication)
                case _:
                    assert_never(publication)
        self._flush(chats)

    def type(self, subscriber: Subscriber, chat_id: ChatId, *, on: bool) -> None:
        """Show the others who look at a chat that somebody is typing."""
        if chat_id not in self.directory.people[subscriber.user_id].chats:
            raise NotFound(details={"chat_id": chat_id})
        self._to_viewers(Typing(chat_id=chat_id, user_id=subscriber.user_id, on=on))

    def go_away(self, after_ms: int) -> None:
        """Tell everyone that this server stops; they come back by themselves."""
        packet = single(GoAway(reason="drain", after_ms=after_ms, resume=True))
        for person in self.directory.people.values():
            for subscriber in person.subscribers:
                subscriber.put(packet)

    def heads_of(self, chat_ids: Iterable[ChatId]) -> list[Head]:
        """How far the chats are that were held back from a session that lagged."""
        rooms = self.directory.rooms
        return [_head(rooms[chat_id]) for chat_id in chat_ids if chat_id in rooms]

    def tick(self, now: float) -> None:
        """Send the heads that are due."""
        self._heads.tick(now)

    def _flush(self, chats: dict[ChatId, list[ToChat]]) -> None:
        for chat_id, publications in chats.items():
            if (room := self.directory.rooms.get(chat_id)) is not None:
                self._to_room(room, publications)
        chats.clear()

    def _to_room(self, room: Room, publications: list[ToChat]) -> None:
        last = publications[-1]
        room.seq, room.n = last.event.seq, last.n
        if isinstance(last.event, MessageNew):
            room.newest = last.event
        if any(_calls_all(publication.event) for publication in publications):
            room.called = True
        if room.viewers:
            packet = Packet([encode(p.event) for p in publications], len(publications))
            for subscriber in tuple(room.viewers):
                subscriber.offer(packet, room.chat_id)
            self.delivered += len(room.viewers) * len(publications)
        self._heads.moved(room)

    def _to_user(self, publication: ToUser, chats: dict[ChatId, list[ToChat]]) -> None:
        person = self.directory.people.get(publication.user_id)
        if person is None:
            return
        packet = single(publication.event, counted=1)
        match publication.event:
            case ChatJoined(data=chat):
                self._flush(chats)
                self.directory.join(person, chat.chat_id)
            case ChatLeft(data=chat):
                # Before the packet: it is the last thing that a removed member gets.
                self._flush(chats)
                self.directory.leave(person, chat.chat_id)
            case _:
                pass
        for subscriber in tuple(person.subscribers):
            subscriber.put(packet)

    def _to_viewers(self, frame: Typing | ReceiptShown) -> None:
        room = self.directory.rooms.get(frame.chat_id)
        if room is None or (isinstance(frame, Typing) and len(room.viewers) > TYPING_VIEWERS):
            return
        packet = single(frame)
        for subscriber in tuple(room.viewers):
            if self._may_see(subscriber, frame.user_id):
                subscriber.whisper(packet)

    def _may_see(self, subscriber: Subscriber, user_id: UserId) -> bool:
        return subscriber.user_id != user_id and not self.directory.are_apart(subscriber, user_id)

    def _part(self, one: UserId, other: UserId, *, on: bool) -> None:
        self.directory.part(one, other, on=on)
        for viewer, seen in ((one, other), (other, one)) if on else ():
            person = self.directory.people.get(viewer)
            gone = single(Presence(users=[PresenceEntry(user_id=seen, state="offline")]))
            for subscriber in person.subscribers if person else ():
                if seen in subscriber.watched:
                    subscriber.whisper(gone)

    def _end_sessions(self, ended: EndSessions) -> None:
        person = self.directory.people.get(ended.user_id)
        if person is None:
            return
        for subscriber in tuple(person.subscribers):
            if _named(subscriber.session_id, ended):
                subscriber.end(ended.code, _FAREWELL[ended.code])


_FAREWELL = {
    CloseCode.SESSION_REVOKED: "This session was ended.",
    CloseCode.ACCOUNT_DISABLED: "This account was disabled.",
}


def _named(session_id: SessionId, ended: EndSessions) -> bool:
    return ended.session_ids is None or session_id in ended.session_ids


def _calls_all(event: ChatEvent) -> bool:
    return isinstance(event, MessageNew) and ALL in event.data.mentions


def _head(room: Room) -> Head:
    return Head(chat_id=room.chat_id, seq=room.seq, n=room.n)
