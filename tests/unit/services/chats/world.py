"""People and chats for tests: a real database, and what was announced after each commit."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from uptc_messenger.database import (
    Database,
    DatabaseConfig,
    Reader,
    Transaction,
    open_database,
    schema,
)
from uptc_messenger.database.sqlite import SqliteStore
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, ChatKind, ChatRole, ServerRole, SessionId, UserId
from uptc_messenger.models.chats import Chat, ChatChange, ChatCreation, Member, MemberEntry
from uptc_messenger.models.events import ChatEvent, Publication, ToChat, ToUser, UserEvent
from uptc_messenger.services import users
from uptc_messenger.services.chats import access, creation, editing, log, membership, presenting
from uptc_messenger.services.users import NewUser
from uptc_messenger.toolkit.ids import uuid7

T = TypeVar("T")
START = 1_800_000_000_000


class World:
    """One server with its people; `now` moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = START
        self.heard: list[Publication] = []
        self._database: Database | None = None

    async def open(self, path: Path) -> None:
        self._database = await open_database(
            DatabaseConfig(url=f"sqlite:///{path}"),
            publish=self.heard.extend,
            clock=lambda: self.now,
        )

    @property
    def database(self) -> Database:
        assert self._database is not None
        return self._database

    async def write(self, command: Callable[[Transaction], T]) -> T:
        return await self.database.write(command)

    async def read(self, query: Callable[[Reader], T]) -> T:
        return await self.database.read(query)

    async def person(self, name: str, role: ServerRole = "member") -> Principal:
        made = await self.write(lambda tx: users.create(tx, NewUser(username=name, role=role)))
        return Principal(user_id=made.user_id, session_id=SessionId(uuid7()), role=role)

    async def disable(self, person: Principal) -> None:
        await self.write(lambda tx: users.set_disabled(tx, person.user_id, disabled=True))

    async def create(self, by: Principal, wanted: ChatCreation) -> creation.Created:
        return await self.write(lambda tx: creation.create(tx, by, wanted))

    async def chat(
        self, owner: Principal, *others: Principal, kind: ChatKind = "group", title: str = "Redes"
    ) -> ChatId:
        ids = [person.user_id for person in others]
        named = None if kind == "direct" else title
        wanted = ChatCreation(kind=kind, member_ids=ids, title=named)
        return (await self.create(owner, wanted)).chat.chat_id

    async def member(self, person: Principal, chat_id: ChatId) -> Member:
        return await self.read(lambda r: access.require_member(r, person.user_id, chat_id))

    async def put(
        self, by: Principal, chat_id: ChatId, person: Principal, role: ChatRole = "member"
    ) -> MemberEntry:
        def command(tx: Transaction) -> MemberEntry:
            actor = access.hold(tx, by.user_id, chat_id)
            return membership.put(tx, actor, person.user_id, role)

        return await self.write(command)

    async def remove(self, by: Principal, chat_id: ChatId, person: Principal) -> None:
        def command(tx: Transaction) -> None:
            membership.remove(tx, access.hold(tx, by.user_id, chat_id), person.user_id)

        await self.write(command)

    async def update(self, by: Principal, chat_id: ChatId, wanted: ChatChange) -> bool:
        return await self.write(
            lambda tx: editing.update(tx, access.hold(tx, by.user_id, chat_id), wanted)
        )

    async def delete(self, by: Principal, chat_id: ChatId) -> None:
        await self.write(lambda tx: editing.delete(tx, access.hold(tx, by.user_id, chat_id)))

    async def say(
        self,
        chat_id: ChatId,
        author: Principal,
        *,
        times: int = 1,
        calling: Sequence[Principal] = (),
        all: bool = False,  # noqa: A002
    ) -> None:
        """Store messages as `services.messages` would, without its rules."""

        def command(tx: Transaction) -> None:
            for _ in range(times):
                head = log.lock(tx, chat_id).next_message()
                tx.run(sa.insert(schema.messages), _message(tx, head, author))
                log.advance(tx, [head])
                where = {"chat_id": chat_id, "seq": head.seq, "n": head.n}
                for person in calling:
                    tx.run(sa.insert(schema.mentions), {"user_id": person.user_id, **where})
                if all:
                    tx.run(sa.insert(schema.chat_mentions), where)

        await self.write(command)

    async def read_up_to(self, chat_id: ChatId, person: Principal, n: int) -> None:
        own = schema.user_chats
        mine = sa.and_(own.c.chat_id == chat_id, own.c.user_id == person.user_id)
        await self.write(lambda tx: tx.run(sa.update(own).where(mine).values(read_n=n)))

    async def see(self, person: Principal, chat_id: ChatId) -> Chat:
        return await self.read(lambda r: presenting.present_one(r, person.user_id, chat_id))

    async def roles(self, chat_id: ChatId, by: Principal) -> dict[UserId, ChatRole]:
        member = await self.member(by, chat_id)
        entries, _ = await self.read(lambda r: membership.page(r, member, None, 200))
        return {entry.user_id: entry.role for entry in entries}

    def forget(self) -> None:
        """Listen from here on."""
        self.heard.clear()

    @property
    def log(self) -> list[ChatEvent]:
        return [heard.event for heard in self.heard if isinstance(heard, ToChat)]

    def told(self, person: Principal) -> list[UserEvent]:
        return [
            heard.event
            for heard in self.heard
            if isinstance(heard, ToUser) and heard.user_id == person.user_id
        ]

    def count_statements(self) -> list[str]:
        """Every statement that the writer is given from here on."""
        store = self.database._store
        assert isinstance(store, SqliteStore)
        return _listen(store._writer)

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()


def _message(tx: Transaction, head: log.Position, author: Principal) -> dict[str, object]:
    return {
        "chat_id": head.chat_id,
        "seq": head.seq,
        "n": head.n,
        "id": uuid7(),
        "sender_id": author.user_id,
        "body": {"text": "hola"},
        "created_at": tx.now,
        "digest": bytes(16),
    }


def _listen(engine: sa.Engine) -> list[str]:
    """What SQLite itself is asked, whichever way it comes; the rows of an INSERT are one."""
    seen: list[str] = []

    def note(text: str) -> None:
        if not seen or seen[-1].split("(")[0] != text.split("(", maxsplit=1)[0]:
            seen.append(text)

    raw = engine.raw_connection()
    assert raw.driver_connection is not None
    raw.driver_connection.set_trace_callback(note)
    raw.close()
    return seen


async def all_of(commands: Sequence[asyncio.Future[T]]) -> list[T | BaseException]:
    """What each of many parallel commands came to."""
    return await asyncio.gather(*commands, return_exceptions=True)
