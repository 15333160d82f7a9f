"""Whatever people do to chats and to each other, logs, counts and copies agree.

Every person has a client that knows only what it was told: `chat.joined`, `chat.left`, and
the events of the chats that it is in. After each command each client's copy must equal what
the server would show that person now.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Final

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.properties.steps import EXAMPLES
from uptc_messenger.database import Reader, Transaction, schema
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, ChatRole, MessageId, SessionId, UserId
from uptc_messenger.models.chats import (
    Chat,
    ChatChange,
    ChatCreation,
    Draft,
    HistoryPolicy,
    InviteCreation,
    Level,
    Member,
    PreferencesPut,
    SettingsChange,
)
from uptc_messenger.models.errors import Forbidden, Problem
from uptc_messenger.models.events import (
    Apart,
    BlockUpdated,
    ChatDeleted,
    ChatEvent,
    ChatJoined,
    ChatLeft,
    ChatUpdate,
    ChatUpdated,
    DraftUpdated,
    LevelUpdated,
    MemberJoined,
    MemberLeft,
    MemberRole,
    MessageNew,
    Publication,
    ToChat,
    ToUser,
)
from uptc_messenger.models.messages import Body, Sent
from uptc_messenger.services import users
from uptc_messenger.services.chats import (
    access,
    blocking,
    creation,
    drafts,
    editing,
    invites,
    membership,
    preferences,
    presenting,
    service,
)
from uptc_messenger.services.messages.posting import Post, post
from uptc_messenger.services.users import NewUser
from uptc_messenger.services.users import log as user_log
from uptc_messenger.toolkit.ids import uuid7

PEOPLE: Final = 4
CHATS: Final = 2
people = st.integers(0, PEOPLE - 1)
actors = st.integers(-2, PEOPLE - 1)
"""A person, or (below 0) whoever is an owner: else most commands would be refused."""
places = st.integers(0, CHATS - 1)
roles: st.SearchStrategy[ChatRole] = st.sampled_from(["owner", "admin", "member", "guest"])
titles = st.sampled_from(["Redes", "Sistemas", " Redes "])
policies: st.SearchStrategy[HistoryPolicy] = st.sampled_from(["all", "joined"])
offers = st.sampled_from(["admin", "member", "guest"])

NOW: Final = 1_800_000_000_000
OWN: Final = ("level", "pinned", "archived", "muted_until", "draft")
COPIED: Final = ("kind", "title", "topic", "role", "seq", "n", "member_count", "settings", *OWN)
MUTED: Final = datetime(2100, 1, 1, tzinfo=UTC)
levels: st.SearchStrategy[Level] = st.sampled_from(["all", "mentions", "none"])


class Client:
    """What one person's program knows, from what it was told."""

    def __init__(self, user_id: UserId) -> None:
        self.user_id = user_id
        self.chats: dict[ChatId, Chat] = {}
        self.useq = 0
        self.blocked: set[UserId] = set()

    def hear(self, publication: Publication) -> None:
        if isinstance(publication, ToUser) and publication.user_id == self.user_id:
            self._own(publication)
        elif isinstance(publication, ToChat) and publication.event.chat_id in self.chats:
            event = publication.event
            before = self.chats[event.chat_id]
            assert event.seq == before.seq + 1, "an event that does not follow"
            self.chats[event.chat_id] = apply(before, event, self.user_id)

    def _own(self, publication: ToUser) -> None:
        event = publication.event
        self.useq += 1
        assert event.useq == self.useq
        match event:
            case ChatJoined(data=chat):
                assert chat.chat_id not in self.chats
                self.chats[chat.chat_id] = chat
            case ChatLeft(data=left):
                del self.chats[left.chat_id]
            case LevelUpdated(data=data):
                now = {name: getattr(data, name) for name in OWN if name != "draft"}
                self._change(data.chat_id, now)
            case DraftUpdated(data=data):
                self._change(data.chat_id, {"draft": Draft(text=data.text, version=data.version)})
            case BlockUpdated(data=data):
                assert (data.user_id in self.blocked) is not data.on
                self.blocked ^= {data.user_id}
            case _:
                raise AssertionError(event)

    def _change(self, chat_id: ChatId, fields: dict[str, Any]) -> None:
        # A replay passes what is older than a leaving.
        if chat_id in self.chats:
            self.chats[chat_id] = msgspec.structs.replace(self.chats[chat_id], **fields)


def apply(chat: Chat, event: ChatEvent, me: UserId) -> Chat:
    """The chat after an event, by the rules that a client has."""
    moved = msgspec.structs.replace(chat, seq=event.seq)
    match event:
        case MemberJoined():
            return msgspec.structs.replace(moved, member_count=chat.member_count + 1)
        case MemberLeft():
            return msgspec.structs.replace(moved, member_count=chat.member_count - 1)
        case MemberRole(data=data):
            mine = data.user_id == me and data.role
            return msgspec.structs.replace(moved, role=data.role) if mine else moved
        case ChatUpdated(data=data):
            changed = {
                name: value
                for name in ChatUpdate.__struct_fields__
                if (value := getattr(data, name)) is not msgspec.UNSET
            }
            assert all(value != getattr(chat, name) for name, value in changed.items())
            assert changed, "a change that changes nothing"
            return msgspec.structs.replace(moved, **changed)
        case MessageNew(n=n):
            assert n == chat.n + 1
            return msgspec.structs.replace(moved, n=n)
        case ChatDeleted():
            return moved
        case _:
            message = f"{event} is none of the chats' own"
            raise AssertionError(message)


class Chats(RuleBasedStateMachine):
    """Four people, two groups, a direct chat of the first two, and every command there is."""

    done: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.engine = make_engine(Path(self.folder.name) / "uptc.db", writer=True)
        with self.engine.begin() as connection:
            schema.metadata.create_all(connection)
        self.clients: list[Client] = []
        self.who = [self._person(f"user{number}") for number in range(PEOPLE)]
        self.clients = [Client(person.user_id) for person in self.who]
        self.chats: list[ChatId] = []
        self.codes: list[str] = []
        for owner in range(CHATS):
            self.chats.append(self._found(owner))
        self.apart: set[frozenset[UserId]] = set()
        pair = ChatCreation(kind="direct", member_ids=[self.who[1].user_id])
        assert self._run(lambda tx: creation.create(tx, self.who[0], pair))
        (self.direct,) = self._column(schema.direct_chats.c.chat_id, sa.true())

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.what_is_replayed_ends_the_same()
        self.engine.dispose()
        self.folder.cleanup()

    def _person(self, name: str) -> Principal:
        made: list[UserId] = []
        self._run(lambda tx: made.append(users.create(tx, NewUser(username=name)).user_id))
        return Principal(user_id=made[0], session_id=SessionId(uuid7()), role="member")

    def _run(self, command: Callable[[Transaction], object]) -> bool:
        """Carry a command out as the lane does; what a refused one did must be nothing."""
        with self.engine.begin() as connection:
            tx = Transaction(connection, NOW)
            before = self._everything(tx)
            try:
                with tx.savepoint():
                    command(tx)
            except Problem as problem:
                assert self._everything(tx) == before
                self.done[f"refused {problem.code}"] += 1
                return False
        for publication in tx.emitted:
            if isinstance(publication, Apart):
                pair = frozenset({publication.one, publication.other})
                self.apart = self.apart | {pair} if publication.on else self.apart - {pair}
            self.done[type(publication).__name__] += 1
            for client in self.clients:
                client.hear(publication)
        return True

    def _everything(self, tx: Transaction) -> list[object]:
        tables = (
            *(schema.chats, schema.members, schema.user_chats, schema.changes, schema.invites),
            *(schema.blocks, schema.drafts),
        )
        return [tx.all(sa.select(table)) for table in tables]

    def _as(self, person: int, chat: int, command: Callable[[Transaction, Member], object]) -> bool:
        actor, chat_id = self.who[self._actor(person, chat)].user_id, self.chats[chat]
        return self._run(lambda tx: command(tx, access.hold(tx, actor, chat_id)))

    def _actor(self, person: int, chat: int) -> int:
        for number, client in enumerate(self.clients):
            known = client.chats.get(self.chats[chat])
            if person < 0 and known is not None and known.role == "owner":
                return number
        return max(person, 0)

    def _found(self, owner: int) -> ChatId:
        chat_id = ChatId(uuid7())
        ring = [self.who[(owner + step) % PEOPLE].user_id for step in range(1, PEOPLE)]
        unwilling = self._column(
            schema.blocks.c.user_id, schema.blocks.c.blocked_id == self.who[owner].user_id
        )
        others = [user_id for user_id in ring if user_id not in unwilling][:2]
        wanted = ChatCreation(kind="group", title="Redes", member_ids=others, chat_id=chat_id)
        assert self._run(lambda tx: creation.create(tx, self.who[owner], wanted))
        return chat_id

    @rule(person=actors, chat=places, other=people, role=roles)
    def put(self, person: int, chat: int, other: int, role: ChatRole) -> None:
        user_id = self.who[other].user_id
        self._as(person, chat, lambda tx, actor: membership.put(tx, actor, user_id, role))

    @rule(person=actors, chat=places, other=people)
    def remove(self, person: int, chat: int, other: int) -> None:
        user_id = self.who[other].user_id
        self._as(person, chat, lambda tx, actor: membership.remove(tx, actor, user_id))

    @rule(person=people, chat=places)
    def leave(self, person: int, chat: int) -> None:
        self.remove(person, chat, person)

    @rule(person=actors, chat=places, title=titles, history=policies)
    def update(self, person: int, chat: int, title: str, history: HistoryPolicy) -> None:
        wanted = ChatChange(title=title, settings=SettingsChange(history=history))
        self._as(person, chat, lambda tx, actor: editing.update(tx, actor, wanted))

    @rule(person=actors, chat=places, owner=people, chance=st.integers(0, 2))
    def end(self, person: int, chat: int, owner: int, chance: int) -> None:
        if chance == 0 and self._as(person, chat, editing.delete):
            self.done["ended"] += 1
            self.chats[chat] = self._found(owner)

    @rule(person=actors, chat=places)
    def say(self, person: int, chat: int) -> None:
        item = Post(
            author_id=self.who[self._actor(person, chat)].user_id,
            chat_id=self.chats[chat],
            message_id=MessageId(uuid7()),
            body=Body(text="hola"),
        )

        def command(tx: Transaction) -> None:
            (outcome,) = post(tx, [item])
            if isinstance(outcome, Problem):
                raise outcome

        self._run(command)

    @rule(person=st.integers(0, 1))
    def whisper(self, person: int) -> None:
        item = Post(
            author_id=self.who[person].user_id,
            chat_id=self.direct,
            message_id=MessageId(uuid7()),
            body=Body(text="hola"),
        )
        outcomes: list[Sent | Problem] = []
        self._run(lambda tx: outcomes.extend(post(tx, [item])))
        barred = frozenset(p.user_id for p in self.who[:2]) in self.apart
        assert isinstance(outcomes[0], Forbidden if barred else Sent)
        self.done["whispered in vain" if barred else "whispered"] += 1

    @rule(person=people, other=people)
    def block(self, person: int, other: int) -> None:
        one, two = self.who[person].user_id, self.who[other].user_id
        self._run(lambda tx: blocking.block(tx, one, two))

    @rule(person=people, other=people)
    def unblock(self, person: int, other: int) -> None:
        one, two = self.who[person].user_id, self.who[other].user_id
        self._run(lambda tx: blocking.unblock(tx, one, two))

    @rule(person=people, chat=places, level=levels, flag=st.booleans(), muted=st.booleans())
    def prefer(self, person: int, chat: int, level: Level, flag: bool, muted: bool) -> None:
        until = MUTED if muted else None
        wanted = PreferencesPut(level=level, pinned=flag, archived=not flag, muted_until=until)
        self._as(person, chat, lambda tx, member: preferences.put(tx, member, wanted))

    @rule(person=people, chat=places, text=titles, stale=st.integers(0, 3))
    def draft(self, person: int, chat: int, text: str, stale: int) -> None:
        known = self.clients[person].chats.get(self.chats[chat])
        version = known.draft.version if known and known.draft else 0
        wanted = Draft(text=text, version=version + (stale == 0))
        self._as(person, chat, lambda tx, member: drafts.put(tx, member, wanted))

    @rule(person=people, chosen=st.sets(places, min_size=1), role=offers)
    def invite(self, person: int, chosen: set[int], role: str) -> None:
        ids = [self.chats[chat] for chat in sorted(chosen)]
        wanted = msgspec.convert({"chat_ids": ids, "role": role, "max_uses": 2}, InviteCreation)

        def command(tx: Transaction) -> None:
            made = invites.create(tx, self.who[person], wanted)
            assert isinstance(made.invite, str)
            self.codes.append(made.invite)

        self._run(command)

    @rule(person=people, data=st.data())
    def accept(self, person: int, data: st.DataObject) -> None:
        if self.codes:
            code = data.draw(st.sampled_from(self.codes))
            self._run(lambda tx: invites.accept(tx, code, self.who[person].user_id))

    @invariant()
    def every_client_knows_what_is(self) -> None:
        with self.engine.connect() as connection:
            reader = Reader(connection)
            for client in self.clients:
                ids = service.chat_ids(reader, client.user_id)
                now = presenting.present(reader, client.user_id, ids)
                assert {c.chat_id: copied(c) for c in now} == {
                    chat_id: copied(chat) for chat_id, chat in client.chats.items()
                }

    @invariant()
    def who_is_apart_is_what_the_blocks_say(self) -> None:
        pairs = {frozenset((row.user_id, row.blocked_id)) for row in self._rows(schema.blocks)}
        assert self.apart == pairs
        (barred,) = self._column(schema.chats.c.barred, schema.chats.c.id == self.direct)
        assert barred == (frozenset(p.user_id for p in self.who[:2]) in pairs)
        for client in self.clients:
            mine = schema.blocks.c.user_id == client.user_id
            assert set(self._column(schema.blocks.c.blocked_id, mine)) == client.blocked

    def what_is_replayed_ends_the_same(self) -> None:
        with self.engine.connect() as connection:
            reader = Reader(connection)
            for client in self.clients:
                again = Client(client.user_id)
                for event in user_log.after(reader, client.user_id, 0, 100_000):
                    again.hear(ToUser(user_id=client.user_id, event=event))
                assert again.blocked == client.blocked
                assert {c: own(chat) for c, chat in again.chats.items()} == {
                    c: own(chat) for c, chat in client.chats.items()
                }

    @invariant()
    def logs_are_dense(self) -> None:
        for row in self._rows(schema.chats):
            seqs = [
                *self._column(schema.messages.c.seq, schema.messages.c.chat_id == row.id),
                *self._column(schema.changes.c.seq, schema.changes.c.chat_id == row.id),
            ]
            assert sorted(seqs) == list(range(1, row.last_seq + 1))
            ns = self._column(schema.messages.c.n, schema.messages.c.chat_id == row.id)
            assert sorted(ns) == list(range(1, row.last_n + 1))

    @invariant()
    def members_are_counted(self) -> None:
        inside = schema.members.c.left_seq.is_(None)
        for row in self._rows(schema.chats):
            here = schema.members.c.chat_id == row.id
            members = set(self._column(schema.members.c.user_id, sa.and_(here, inside)))
            own = set(
                self._column(schema.user_chats.c.user_id, schema.user_chats.c.chat_id == row.id)
            )
            assert row.member_count == len(members)
            assert own == members

    @invariant()
    def an_owner_is_left(self) -> None:
        owner = sa.and_(schema.members.c.role == "owner", schema.members.c.left_seq.is_(None))
        for row in self._rows(schema.chats):
            here = schema.members.c.chat_id == row.id
            owners = self._column(schema.members.c.user_id, sa.and_(here, owner))
            assert row.deleted or owners or row.kind == "direct"

    def _rows(self, table: sa.Table) -> Sequence[sa.Row[Any]]:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(table)).all()

    def _column(self, column: sa.Column[Any], where: sa.ColumnElement[bool]) -> Sequence[Any]:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(column).where(where)).scalars().all()


def copied(chat: Chat) -> dict[str, object]:
    """What a client keeps up to date by events."""
    return {name: getattr(chat, name) for name in COPIED}


def own(chat: Chat) -> dict[str, object]:
    """What a person has set for a chat, or begun to write in it."""
    return {name: getattr(chat, name) for name in OWN}


@pytest.mark.slow
def test_every_copy_equals_what_the_server_shows():
    Chats.done.clear()
    run_state_machine_as_test(
        Chats,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    # A run in which little happens proves little.
    assert Chats.done["ToChat"] > 50
    assert Chats.done["ToUser"] > 150
    assert Chats.done["refused forbidden"] > 10
    assert Chats.done["refused not_found"] > 25
    assert Chats.done["Apart"] > 10


def test_what_chance_seldom_plays():
    state = Chats()
    state.begin()
    every = (
        lambda: state.block(person=0, other=1),
        lambda: state.whisper(person=1),
        lambda: state.whisper(person=0),
        lambda: state.end(person=-1, chat=0, owner=0, chance=0),
        lambda: state.block(person=1, other=0),
        lambda: state.unblock(person=0, other=1),
        lambda: state.whisper(person=0),
        lambda: state.unblock(person=1, other=0),
        lambda: state.whisper(person=0),
        lambda: state.remove(person=-1, chat=0, other=0),
        lambda: state.end(person=-1, chat=1, owner=3, chance=0),
    )
    Chats.done.clear()
    try:
        for play in every:
            play()
            state.every_client_knows_what_is()
            state.who_is_apart_is_what_the_blocks_say()
            state.logs_are_dense()
            state.members_are_counted()
            state.an_owner_is_left()
    finally:
        state.teardown()
    assert Chats.done["whispered in vain"] == 3
    assert Chats.done["whispered"] == 1
    assert Chats.done["ended"] == 2
    assert Chats.done["refused conflict"] == 1
