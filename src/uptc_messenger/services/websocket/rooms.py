"""Who is here and where they belong: people with sessions, chats with people."""

from collections.abc import Iterable

from uptc_messenger.models.base import ChatId, Seq, SessionId, UserId
from uptc_messenger.models.events import MessageNew
from uptc_messenger.services.websocket.subscriber import Subscriber


class Person:
    """A user with at least one session here; `chats` are those the user is a member of.

    While the first session's chats are being read, what changes meanwhile is noted in
    `left`: the change is newer than the answer. `apart` holds the people with whom nothing
    fleeting is shared, one having blocked the other; until then also those (False) with
    whom it is again.
    """

    __slots__ = ("apart", "chats", "left", "subscribers", "user_id")

    def __init__(self, user_id: UserId) -> None:
        self.user_id = user_id
        self.subscribers: list[Subscriber] = []
        self.chats: set[ChatId] = set()
        self.left: set[ChatId] | None = set()
        self.apart: dict[UserId, bool] = {}


class Room:
    """A chat that somebody here belongs to.

    `viewers` have it open and get bodies; everyone else of `people` gets heads. `called`:
    somebody called everybody since the last head.
    """

    __slots__ = ("called", "chat_id", "head_due", "n", "newest", "people", "seq", "viewers")

    def __init__(self, chat_id: ChatId) -> None:
        self.chat_id = chat_id
        self.people: set[Person] = set()
        self.viewers: set[Subscriber] = set()
        self.seq: Seq = 0
        self.n = 0
        self.newest: MessageNew | None = None
        self.head_due = 0.0
        self.called = False


class Directory:
    """People and rooms of this process, kept in step with each other."""

    def __init__(self) -> None:
        self.people: dict[UserId, Person] = {}
        self.rooms: dict[ChatId, Room] = {}
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
        person.subscribers.append(subscriber)
        self.sessions += 1
        return person

    def settle(self, person: Person, chat_ids: set[ChatId], apart: Iterable[UserId] = ()) -> None:
        """The person's chats and blocks as they were read after the arrival."""
        if person.left is None:
            return
        for chat_id in chat_ids - person.left:
            self.join(person, chat_id)
        person.left = None
        known = dict.fromkeys(apart, True) | person.apart
        person.apart = {user_id: True for user_id, on in known.items() if on}

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
        return True

    def join(self, person: Person, chat_id: ChatId) -> None:
        """The person belongs to a chat."""
        if person.left is not None:
            person.left.discard(chat_id)
        room = self.rooms.get(chat_id)
        if room is None:
            room = self.rooms[chat_id] = Room(chat_id)
        room.people.add(person)
        person.chats.add(chat_id)

    def leave(self, person: Person, chat_id: ChatId) -> None:
        """The person belongs to a chat no longer: nothing more of it reaches any session."""
        if person.left is not None:
            person.left.add(chat_id)
        person.chats.discard(chat_id)
        room = self.rooms.get(chat_id)
        if room is None:
            return
        room.people.discard(person)
        for subscriber in person.subscribers:
            self._hide(subscriber, room)
        if not room.people:
            del self.rooms[chat_id]

    def show(self, subscriber: Subscriber, chat_ids: tuple[ChatId, ...]) -> None:
        """Replace the chats that a session has open."""
        for chat_id in subscriber.open:
            if (room := self.rooms.get(chat_id)) is not None:
                room.viewers.discard(subscriber)
        subscriber.open = chat_ids
        for chat_id in chat_ids:
            self.rooms[chat_id].viewers.add(subscriber)

    def part(self, one: UserId, other: UserId, *, on: bool) -> None:
        """One of the two has blocked the other, or (`on` False) neither has any more."""
        for user_id, peer_id in ((one, other), (other, one)):
            person = self.people.get(user_id)
            if person is None:
                continue
            person.apart[peer_id] = on
            if not on and person.left is None:
                del person.apart[peer_id]

    def are_apart(self, viewer: Subscriber, user_id: UserId) -> bool:
        """Whether nothing fleeting of a user may be shown to a live session."""
        person = self.people.get(viewer.user_id)
        return person is not None and person.apart.get(user_id, False)

    def _hide(self, subscriber: Subscriber, room: Room) -> None:
        room.viewers.discard(subscriber)
        if room.chat_id in subscriber.open:
            subscriber.open = tuple(c for c in subscriber.open if c != room.chat_id)
        if subscriber.heads:
            subscriber.heads.pop(room.chat_id, None)
        if subscriber.outbox.held is not None:
            subscriber.outbox.held.discard(room.chat_id)
