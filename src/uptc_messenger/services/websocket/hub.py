"""Delivery: what a commit announces reaches every session that may see it, and no other.

An event is encoded and framed once, whatever the number of sessions; the events that one
commit made in one chat leave in one packet. It does not matter where a commit was made: the
entries of a log pass in order, each once, and what is missing is read from the log.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import assert_never

from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.models.chats import Chat
from uptc_messenger.models.errors import CloseCode, NotFound
from uptc_messenger.models.events import (
    Apart,
    ChatJoined,
    ChatLeft,
    EndSessions,
    Publication,
    ToChat,
    ToUser,
    ToViewers,
    UserEvent,
)
from uptc_messenger.models.fleeting import ReceiptShown, Typing
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket import delivery, fleeting
from uptc_messenger.services.websocket.heads import HeadTicker
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.repairs import Repairs
from uptc_messenger.services.websocket.rooms import Directory, Outgoing, Person, Room
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.services.websocket.told import Kind, Told, newest, told


class Hub:
    """Sessions of this process, and what each of them is told."""

    def __init__(self, heads: HeadTicker) -> None:
        self.directory = Directory()
        self.repairs = Repairs(self.directory)
        self.outgoing: Outgoing | None = None
        self.awake: Callable[[], bool] = lambda: True
        """Whether who may hear what is certain; while it is not, only positions are noted."""
        self.heads = heads
        self.delivered = 0

    @property
    def sessions(self) -> int:
        """Live sessions."""
        return self.directory.sessions

    def attach(self, subscriber: Subscriber) -> Person:
        """Begin: what happens from now on waits for `settle`, which must follow."""
        return self.directory.arrive(subscriber)

    def settle(
        self,
        person: Person,
        chats: Mapping[ChatId, Seq],
        useq: Seq = 0,
        apart: Iterable[UserId] = (),
    ) -> None:
        """The chats, blocks and own log's head of a person, read after `attach`."""
        if self.directory.settle(person, chats, apart):
            self._tell(person, person.log.settle(useq))

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
        """Replace what a session shows; raises `NotFound` for a chat it may not see.

        Bodies of the chats that it opens wait until `reached` says from where on.
        """
        person = self.directory.people[subscriber.user_id]
        for chat_id in (*opened, *muted, *heads):
            if chat_id not in person.chats:
                raise NotFound(details={"chat_id": chat_id})
        # What was to come as bodies must be known by its head when the chat is closed.
        owing = delivery.owing(self.directory.rooms, subscriber)
        self.directory.show(subscriber, tuple(dict.fromkeys(opened)))
        for room in owing:
            self.heads.owed(room)
        subscriber.muted = frozenset(muted)

    def visible(self, subscriber: Subscriber, chat_ids: Iterable[ChatId]) -> list[ChatId]:
        """Those of the chats that the session's user belongs to."""
        chats = self.directory.people[subscriber.user_id].chats
        return [chat_id for chat_id in chat_ids if chat_id in chats]

    def reached(self, subscriber: Subscriber, heads: Iterable[Head]) -> None:
        """Heads read from the log after `show`: the session's events start right after them."""
        for head in heads:
            room = self.directory.rooms.get(head.chat_id)
            if room is not None:
                news = room.reach(head.seq, head.n)
                if news and self.outgoing is not None:
                    self.heads.moved(room)  # the others here may not have heard of it
                self._pass_on(room, delivery.begin(room, subscriber, head.seq))

    def learn(self, head: Head) -> None:
        """A chat stands at least here, as somebody else knows."""
        room = self.directory.rooms.get(head.chat_id)
        if room is not None and room.reach(head.seq, head.n):
            self.heads.moved(room)
            self._check(room)

    def publish(self, publications: Sequence[Publication]) -> None:
        """Deliver what a commit of this node announces, here and on the other nodes.

        Its order within each chat and each user is kept.
        """
        chats: dict[ChatId, list[ToChat]] = {}
        for publication in publications:
            match publication:
                case ToChat():
                    chats.setdefault(publication.event.chat_id, []).append(publication)
                case ToUser(event=ChatJoined() | ChatLeft()) | EndSessions():
                    self._flush(chats)
                    self._announce(publication)
                case _:
                    self._announce(publication)
        self._flush(chats)

    def type(self, subscriber: Subscriber, chat_id: ChatId, *, on: bool) -> None:
        """Show the others who look at a chat that somebody is typing."""
        if chat_id not in self.directory.people[subscriber.user_id].chats:
            raise NotFound(details={"chat_id": chat_id})
        typing = Typing(chat_id=chat_id, user_id=subscriber.user_id, on=on)
        self._announce(ToViewers(frame=typing))

    def check_all(self) -> None:
        """Have read whatever is known to be missing; after a sleep."""
        for room in self.directory.rooms.values():
            self._check(room)

    def heads_of(self, chat_ids: Iterable[ChatId]) -> list[Head]:
        """How far the chats are that were held back from a session that lagged."""
        rooms = self.directory.rooms
        return [rooms[chat_id].head for chat_id in chat_ids if chat_id in rooms]

    def tick(self, now: float) -> None:
        """Send the heads that are due."""
        self.heads.tick(now)

    def hear(self, chat_id: ChatId, entries: Sequence[Told]) -> None:
        """Entries of one chat, lowest first, from wherever."""
        room = self.directory.rooms.get(chat_id)
        if room is None:
            return
        last = entries[-1]
        room.reach(last.seq, last.n)
        # A read may have gone before: that one knows the position, and told nobody of it.
        if last.seq > room.heard:
            room.heard = last.seq
            if last.n == room.n:
                room.newest = newest(entries) or room.newest
            room.called = room.called or any(entry.kind is Kind.CALL for entry in entries)
            self.heads.moved(room)
        if room.watched and self.awake():
            self._pass_on(room, room.log.take(entries))
        elif not room.watched:
            for entry in entries:
                delivery.see_going(self.directory, room, entry)

    def filled(self, head: Head, entries: Sequence[Told]) -> bool:
        """What a chat's log lacked, as it was read up to its head; False if it may not pass."""
        if not self.awake():
            return False
        room = self.directory.rooms.get(head.chat_id)
        if room is not None:
            room.unsure = False
            if room.reach(head.seq, head.n):
                self.heads.moved(room)
            self._pass_on(room, room.log.fill(entries, head.seq))
        return True

    def skipped(self, chat_id: ChatId, head: Head | None) -> None:
        """A chat's log lacks too much, or is no more: whoever looks reads it by themselves."""
        room = self.directory.rooms.get(chat_id)
        if room is not None:
            room.unsure = False
            if head is not None and room.reach(head.seq, head.n):
                self.heads.moved(room)
            self._pass_on(room, delivery.skip(room, room.log.known))

    def filled_user(self, user_id: UserId, events: Sequence[UserEvent]) -> None:
        """What a user's own log lacked, as it was read; without it the sessions start anew."""
        person = self.directory.people.get(user_id)
        if person is None:
            return
        if events and events[0].seq == (person.log.position or 0) + 1:
            self._tell(person, person.log.fill(events, events[-1].seq))
        else:
            for subscriber in tuple(person.subscribers):
                subscriber.end(CloseCode.GOAWAY, "Too much has happened; come back.")

    def hear_user(self, user_id: UserId, events: Sequence[UserEvent]) -> None:
        """Entries of a user's own log, lowest first, from wherever."""
        person = self.directory.people.get(user_id)
        if person is not None:
            self._tell(person, person.log.take(events))
            self._check_person(person)

    def learn_user(self, user_id: UserId, useq: Seq) -> None:
        """A user's own log reaches at least this far."""
        person = self.directory.people.get(user_id)
        if person is not None:
            person.log.learn(useq)
            self._check_person(person)

    def show_viewers(self, frame: Typing | ReceiptShown) -> None:
        """Show something fleeting to the others who look."""
        fleeting.show(self.directory, frame)

    def part(self, apart: Apart) -> None:
        """Between two people nothing fleeting passes any more, or it does again."""
        fleeting.part(self.directory, apart)

    def end_sessions(self, ended: EndSessions) -> None:
        """Close the sockets of sessions that may do nothing more."""
        person = self.directory.people.get(ended.user_id)
        for subscriber in tuple(person.subscribers if person else ()):
            subscriber.end_if_named(ended)

    def _check_person(self, person: Person) -> None:
        if person.log.behind:
            self.repairs.want(("user", person.user_id))

    def _flush(self, chats: dict[ChatId, list[ToChat]]) -> None:
        for chat_id, publications in chats.items():
            if chat_id in self.directory.rooms or self.outgoing is not None:
                entries = [told(publication) for publication in publications]
                self.hear(chat_id, entries)
                if self.outgoing is not None:
                    self.outgoing.chat(chat_id, publications, entries)
        chats.clear()

    def _announce(self, publication: ToUser | ToViewers | Apart | EndSessions) -> None:
        match publication:
            case ToUser(user_id=user_id, event=event):
                self.hear_user(user_id, (event,))
            case ToViewers(frame=frame):
                self.show_viewers(frame)
            case Apart():
                self.part(publication)
            case EndSessions():
                self.end_sessions(publication)
            case _:
                assert_never(publication)
        if self.outgoing is not None:
            self.outgoing.announce(publication)

    def _pass_on(self, room: Room, entries: Sequence[Told]) -> None:
        if entries:
            for run in delivery.split_at_goings(entries):
                delivery.see_going(self.directory, room, run[0])
                self.delivered += delivery.deliver(room, run)
        self._check(room)

    def _check(self, room: Room) -> None:
        if room.log.behind:
            self.repairs.want(("chat", room.chat_id))

    def _join(self, person: Person, chat: Chat) -> None:
        self.directory.join(person, chat.chat_id, chat.seq)
        room = self.directory.rooms[chat.chat_id]
        room.reach(chat.seq, chat.n)
        if room.seq > chat.seq:
            self.heads.moved(room)
        if self.outgoing is not None:
            room.unsure = True
            self.repairs.want(("chat", chat.chat_id))

    def _tell(self, person: Person, events: Sequence[UserEvent]) -> None:
        for event in events:
            match event:
                case ChatJoined(data=chat):
                    self._join(person, chat)
                case ChatLeft(data=chat):
                    # Before the packet: it is the last thing that a removed member gets.
                    self.directory.leave(person, chat.chat_id)
                case _:
                    pass
            packet = single(event, counted=1)
            for subscriber in tuple(person.subscribers):
                subscriber.put(packet)
