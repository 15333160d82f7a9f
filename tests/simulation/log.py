"""The database of the simulation: statements as the repositories make them, and their dangers.

The SQL itself is proven on both engines by tests/contracts; here its protocol is played
statement by statement, so that crashes and other nodes come in between.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.sessions import joined, left, said
from tests.simulation.stage import Stage
from uptc_messenger.models.base import ChatId, MessageId, Seq, UserId
from uptc_messenger.models.events import (
    Audience,
    ChatEvent,
    MemberChange,
    MemberJoined,
    MemberLeft,
    Publication,
    ToChat,
    ToUser,
    UserEvent,
)


@dataclass
class Row:
    """An entry of a chat's log, with the stamp that its transaction bears."""

    event: ChatEvent
    n: int
    stamp: int
    name: MessageId | None = None
    durable: bool = True


@dataclass
class Membership:
    joined: Seq
    left: Seq | None = None


@dataclass
class Chat:
    """A chat, its log from 1 on, and the transactions that wait for its lock."""

    chat_id: ChatId
    rows: list[Row] = field(default_factory=list[Row])
    last_seq: Seq = 0
    members: dict[UserId, Membership] = field(default_factory=dict[UserId, Membership])
    past: list[tuple[UserId, Seq, Seq]] = field(default_factory=list[tuple[UserId, Seq, Seq]])
    roster: Seq = 0
    updated_at: int = 0
    wide: bool = False
    locked: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])

    @property
    def n(self) -> int:
        return sum(row.name is not None for row in self.rows)

    @property
    def audience(self) -> Audience:
        return Audience(roster=self.roster, wide=self.wide)

    def current(self) -> list[UserId]:
        return [user for user, m in self.members.items() if m.left is None]

    def may_hear(self, user: UserId, seq: Seq) -> bool:
        """Whether an entry is for this user: after they came, not after they went."""
        stays = [(m.joined, m.left) for u, m in self.members.items() if u == user]
        stays += [(since, until) for u, since, until in self.past if u == user]
        return any(since < seq and (until is None or seq <= until) for since, until in stays)


@dataclass
class Person:
    """A user's own log."""

    user_id: UserId
    events: list[tuple[UserEvent, int]] = field(default_factory=list[tuple[UserEvent, int]])

    @property
    def useq(self) -> Seq:
        return len(self.events)


@dataclass(frozen=True)
class Dangers:
    """How the writer is broken, if it is: one of the mutants of the suite."""

    dedup_before_lock: bool = False
    publish_before_commit: bool = False
    counter_without_row: bool = False
    commits_not_durable: bool = False


class Database:
    """Chats and people; a transaction is seen when it commits, not before."""

    def __init__(self, stage: Stage, dangers: Dangers) -> None:
        self.stage = stage
        self.dangers = dangers
        self.chats: dict[ChatId, Chat] = {}
        self.people: dict[UserId, Person] = {}
        self.away = False
        self.open: dict[int, int] = {}

    def found(self, chat_id: ChatId, users: list[UserId]) -> None:
        chat = self.chats[chat_id] = Chat(chat_id)
        chat.members = {user: Membership(0) for user in users}

    def lock(self, chat_id: ChatId, held: Callable[[], None]) -> None:
        """Call back when the chat's row is ours; `unlock` must follow."""
        chat = self.chats[chat_id]
        if chat.locked:
            chat.waiting.append(held)
        else:
            chat.locked = True
            held()

    def unlock(self, chat_id: ChatId) -> None:
        chat = self.chats[chat_id]
        chat.locked = False
        if chat.waiting:
            chat.locked = True
            self.stage.later(0.0, chat.waiting.pop(0))

    def find(self, chat_id: ChatId, name: MessageId) -> Row | None:
        return next((row for row in self.chats[chat_id].rows if row.name == name), None)

    def lose_power(self) -> None:
        """Whatever was not forced to the disk is gone."""
        for chat in self.chats.values():
            while chat.rows and not chat.rows[-1].durable:
                chat.rows.pop()
            chat.last_seq = len(chat.rows)

    def changed_since(self, stamp: int) -> tuple[list[Chat], list[Person]]:
        chats = [c for c in self.chats.values() if any(r.stamp > stamp for r in c.rows[-40:])]
        people = [p for p in self.people.values() if any(s > stamp for _, s in p.events[-40:])]
        return chats, people


@dataclass
class Send:
    """A message on its way into a chat."""

    author: UserId
    chat_id: ChatId
    name: MessageId

    def commit(self, database: Database, stamp: int) -> tuple[Seq, list[Publication]]:
        """Append, with the lock held."""
        chat = database.chats[self.chat_id]
        made = said(self.chat_id, chat.last_seq + 1, self.author, self.name)
        n = chat.n + 1
        publication = ToChat(event=made.event, n=n, audience=chat.audience)
        durable = not database.dangers.commits_not_durable
        chat.rows.append(Row(made.event, n, stamp, self.name, durable=durable))
        chat.last_seq += 1
        chat.updated_at = stamp
        return chat.last_seq, [publication]


@dataclass
class Change:
    """Somebody comes into a chat or leaves it."""

    user: UserId
    chat_id: ChatId
    on: bool

    def commit(self, database: Database, stamp: int) -> list[Publication]:
        """Append to both logs, with the lock held; what changes nothing takes no position."""
        chat, person = database.chats[self.chat_id], database.people[self.user]
        before = chat.members.get(self.user)
        here = before is not None and before.left is None
        if here is self.on:
            return []
        seq, useq = chat.last_seq + 1, person.useq + 1
        if self.on:
            own = joined(self.user, self.chat_id, useq, chat.last_seq)
            if before is not None and before.left is not None:
                chat.past.append((self.user, before.joined, before.left))
            chat.members[self.user] = Membership(chat.last_seq)
        else:
            own = left(self.user, self.chat_id, useq)
            chat.members[self.user].left = seq
        kind = MemberJoined if self.on else MemberLeft
        event = kind(
            chat_id=self.chat_id,
            seq=seq,
            actor_id=self.user,
            at="2026-11-23T09:00:00.000Z",
            data=MemberChange(user_id=self.user),
        )
        audience = chat.audience
        chat.rows.append(Row(event, chat.n, stamp))
        chat.last_seq = chat.roster = seq
        chat.updated_at = stamp
        person.events.append((own.event, stamp))
        return [
            ToUser(user_id=self.user, event=own.event),
            ToChat(event=event, n=chat.n, audience=audience),
        ]
