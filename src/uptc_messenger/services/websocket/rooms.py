"""Who is here and where they belong: people with sessions, chats with people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from uptc_messenger.models.base import ChatId, Seq, SessionId, UserId
from uptc_messenger.models.events import Apart, EndSessions, ToChat, ToUser, ToViewers, UserEvent
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.follower import NOTHING_YET, Follower
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.services.websocket.told import Told


class Person:
    """A user with at least one session here, following the user's own log.

    `chats` are those the user is a member of, each with the position after which the user
    came. While the first session's chats are being read, what changes meanwhile is noted in
    `left`: the change is newer than the answer. `apart` holds the people with whom nothing
    fleeting is shared, one having blocked the other; until then also those (False) with
    whom it is again.
    """

    __slots__ = ("apart", "chats", "left", "log", "subscribers", "user_id")

    def __init__(self, user_id: UserId) -> None:
        self.user_id = user_id
        self.subscribers: list[Subscriber] = []
        self.chats: dict[ChatId, Seq] = {}
        self.left: set[ChatId] | None = set()
        self.apart: dict[UserId, bool] = {}
        self.log: Follower[UserEvent] = Follower(NOTHING_YET)


class Comer:
    """A session that opened a chat and has not been told yet from where on it hears.

    `since` is the head that it was told; what comes before that is known waits here.
    """

    __slots__ = ("since", "waiting")

    def __init__(self) -> None:
        self.since: Seq | None = None
        self.waiting: list[Told] = []


class Room:
    """A chat that somebody here belongs to.

    `viewers` have it open and get bodies, in order and without holes; everyone else of
    `people` gets heads. `seq` and `n` are as far as anybody here knows of, `heard` is as far
    as entries have come by themselves: what a read finds was told to nobody else. `called`:
    somebody called everybody since the last head. `unsure`: what was said between somebody's
    joining and its news reaching this node may have passed it by.
    """

    __slots__ = (
        "called",
        "chat_id",
        "comers",
        "head_due",
        "heard",
        "log",
        "n",
        "newest",
        "people",
        "seq",
        "unsure",
        "viewers",
    )

    def __init__(self, chat_id: ChatId) -> None:
        self.chat_id = chat_id
        self.people: set[Person] = set()
        self.viewers: set[Subscriber] = set()
        self.comers: dict[Subscriber, Comer] | None = None
        self.log: Follower[Told] = Follower()
        self.seq: Seq = 0
        self.n = 0
        self.heard: Seq = 0
        self.newest: Told | None = None
        self.head_due = 0.0
        self.called = False
        self.unsure = False

    @property
    def watched(self) -> bool:
        """Whether somebody is owed every entry."""
        return bool(self.viewers or self.comers)

    @property
    def head(self) -> Head:
        """How far the chat has come, as far as anybody here has heard."""
        return Head(chat_id=self.chat_id, seq=self.seq, n=self.n)

    def reach(self, seq: Seq, n: int) -> bool:
        """The log reaches this far; returns whether that is news."""
        if seq <= self.seq:
            return False
        if n > self.n:
            self.newest = None
        self.seq, self.n = seq, n
        if self.log.position is not None:
            self.log.learn(seq)
        return True


class Interest(Protocol):
    """Who wants to know where people of this node belong and look: the way to other nodes."""

    def person(self, user_id: UserId, *, here: bool) -> None:
        """Somebody came, or the last session of somebody ended."""
        ...

    def room(self, chat_id: ChatId, *, here: bool) -> None:
        """The first member of a chat came, or the last one went."""
        ...

    def viewers(self, chat_id: ChatId, *, here: bool) -> None:
        """A chat was opened by the first session here, or closed by the last."""
        ...


class Outgoing(Protocol):
    """The way to other nodes: told of everything that this node commits."""

    def chat(self, chat_id: ChatId, publications: Sequence[ToChat], entries: list[Told]) -> None:
        """Entries of one chat, in order."""
        ...

    def announce(self, publication: ToUser | ToViewers | Apart | EndSessions) -> None:
        """Anything else."""
        ...


class NoInterest:
    """A node by itself."""

    def person(self, user_id: UserId, *, here: bool) -> None:
        pass

    def room(self, chat_id: ChatId, *, here: bool) -> None:
        pass

    def viewers(self, chat_id: ChatId, *, here: bool) -> None:
        pass


class Directory:
    """People and rooms of this process, kept in step with each other."""

    def __init__(self) -> None:
        self.people: dict[UserId, Person] = {}
        self.rooms: dict[ChatId, Room] = {}
        self.large: dict[ChatId, Room] = {}
        """Those of the rooms that are known to be large."""

        self.interest: Interest = NoInterest()
        self.sessions = 0

    def served(self) -> dict[SessionId, UserId]:
        """The sessions with an open socket, and whose they are."""
        return {
            subscriber.session_id: user_id
            for user_id, person in self.people.items()
            for subscriber in person.subscribers
        }

    def arrive(self, subscriber: Subscriber) -> Person:
        """A session begins; a person who was not here yet belongs nowhere until `settle`."""
        person = self.people.get(subscriber.user_id)
        if person is None:
            person = self.people[subscriber.user_id] = Person(subscriber.user_id)
            self.interest.person(person.user_id, here=True)
        person.subscribers.append(subscriber)
        self.sessions += 1
        return person

    def settle(
        self, person: Person, chats: Mapping[ChatId, Seq], apart: Iterable[UserId] = ()
    ) -> bool:
        """The person's chats and blocks as they were read after the arrival.

        Returns False where they are known already.
        """
        if person.left is None:
            return False
        for chat_id, since in chats.items():
            if chat_id not in person.left:
                self.join(person, chat_id, since)
        person.left = None
        known = dict.fromkeys(apart, True) | person.apart
        person.apart = {user_id: True for user_id, on in known.items() if on}
        return True

    def depart(self, subscriber: Subscriber) -> bool:
        """A session ends; returns whether it was the person's last."""
        person = self.people.get(subscriber.user_id)
        if person is None or subscriber not in person.subscribers:
            return False
        self.show(subscriber, ())
        person.subscribers.remove(subscriber)
        self.sessions -= 1
        if person.subscribers:
            return False
        for chat_id in list(person.chats):
            self.leave(person, chat_id)
        del self.people[person.user_id]
        self.interest.person(person.user_id, here=False)
        return True

    def join(self, person: Person, chat_id: ChatId, since: Seq = 0) -> None:
        """The person belongs to a chat, from the position after `since` on."""
        if person.left is not None:
            person.left.discard(chat_id)
        room = self.rooms.get(chat_id)
        if room is None:
            room = self.rooms[chat_id] = Room(chat_id)
            self.interest.room(chat_id, here=True)
        room.people.add(person)
        person.chats[chat_id] = since

    def leave(self, person: Person, chat_id: ChatId) -> None:
        """The person belongs to a chat no longer: nothing more of it reaches any session."""
        if person.left is not None:
            person.left.add(chat_id)
        person.chats.pop(chat_id, None)
        room = self.rooms.get(chat_id)
        if room is None:
            return
        room.people.discard(person)
        for subscriber in person.subscribers:
            self._hide(subscriber, room)
        if not room.people:
            del self.rooms[chat_id]
            self.large.pop(chat_id, None)
            self.interest.room(chat_id, here=False)

    def show(self, subscriber: Subscriber, chat_ids: tuple[ChatId, ...]) -> None:
        """Replace the chats that a session has open; those it opens now begin at `begin`."""
        for chat_id in subscriber.open:
            if chat_id not in chat_ids and (room := self.rooms.get(chat_id)) is not None:
                self._unview(subscriber, room)
        opened = [chat_id for chat_id in chat_ids if chat_id not in subscriber.open]
        subscriber.open = chat_ids
        for chat_id in opened:
            room = self.rooms[chat_id]
            if not room.watched:
                self.interest.viewers(chat_id, here=True)
            if room.comers is None:
                room.comers = {}
            room.comers[subscriber] = Comer()

    def widen(self, chat_ids: Iterable[ChatId]) -> None:
        """These chats are large."""
        for chat_id in chat_ids:
            if (room := self.rooms.get(chat_id)) is not None:
                self.large[chat_id] = room

    def part(self, one: UserId, other: UserId, *, on: bool) -> None:
        """One of the two has blocked the other, or (`on` False) neither has any more."""
        for user_id, peer_id in ((one, other), (other, one)):
            person = self.people.get(user_id)
            if person is None:
                continue
            person.apart[peer_id] = on
            if not on and person.left is None:
                del person.apart[peer_id]

    def is_live(self, subscriber: Subscriber) -> bool:
        """Whether a session has begun and not ended."""
        person = self.people.get(subscriber.user_id)
        return person is not None and subscriber in person.subscribers

    def are_apart(self, viewer: Subscriber, user_id: UserId) -> bool:
        """Whether nothing fleeting of a user may be shown to a live session."""
        person = self.people.get(viewer.user_id)
        return person is not None and person.apart.get(user_id, False)

    def _hide(self, subscriber: Subscriber, room: Room) -> None:
        self._unview(subscriber, room)
        if room.chat_id in subscriber.open:
            subscriber.open = tuple(c for c in subscriber.open if c != room.chat_id)
        if subscriber.heads:
            subscriber.heads.pop(room.chat_id, None)
        if subscriber.outbox.held is not None:
            subscriber.outbox.held.discard(room.chat_id)

    def _unview(self, subscriber: Subscriber, room: Room) -> None:
        if not room.watched:
            return
        room.viewers.discard(subscriber)
        if room.comers is not None:
            room.comers.pop(subscriber, None)
            room.comers = room.comers or None
        if not room.watched:
            room.log.forget()
            self.interest.viewers(room.chat_id, here=False)
