"""People, chats and messages over a real database, for the tests of what stands on it."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
import sqlalchemy as sa

from uptc_messenger.database import Database, DatabaseConfig, Reader, Transaction, open_database
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import (
    ChangeId,
    ChatId,
    ChatKind,
    ChatRole,
    MessageId,
    ServerRole,
    SessionId,
    UserId,
)
from uptc_messenger.models.chats import (
    Chat,
    ChatChange,
    ChatCreation,
    Member,
    SettingsChange,
)
from uptc_messenger.models.errors import CloseCode, Problem
from uptc_messenger.models.events import ChatEvent, Publication, ToChat, ToUser, UserEvent
from uptc_messenger.models.messages import (
    Body,
    Changed,
    Message,
    MessageEdit,
    MessageRef,
    ReadMark,
    Sent,
)
from uptc_messenger.models.scheduled import Scheduled, ScheduledPut
from uptc_messenger.services.chats import (
    access,
    creation,
    editing,
    membership,
    presenting,
    scheduled,
)
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import catchup, changing, pinning, read_marks, scheduling
from uptc_messenger.services.messages.forwarding import Forward
from uptc_messenger.services.messages.posting import Post, post
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.users import service as users
from uptc_messenger.services.users.service import NewUser
from uptc_messenger.services.websocket.packets import Packet
from uptc_messenger.toolkit.ids import uuid7

T = TypeVar("T")
NOON = 1_790_000_000_000
"""A Monday in 2026, in milliseconds."""


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class World:
    """One installation: what tests do in it reads as what people do."""

    def __init__(
        self, url: str, database: Database, announced: list[Publication], clock: SetClock
    ) -> None:
        self.url = url
        self.database = database
        self.announced = announced
        self.clock = clock

    # People and chats

    async def user(self, username: str, role: ServerRole = "member") -> UserId:
        new = NewUser(username=username, role=role)
        return (await self.database.write(lambda tx: users.create(tx, new))).user_id

    async def users(self, *usernames: str) -> list[UserId]:
        return [await self.user(username) for username in usernames]

    async def group(self, owner: UserId, *others: UserId, kind: ChatKind = "group") -> ChatId:
        title = None if kind in creation.PAIRED else "Sistemas distribuidos"
        wanted = ChatCreation(kind=kind, member_ids=list(others), title=title)
        made = await self.database.write(lambda tx: creation.create(tx, principal(owner), wanted))
        return made.chat.chat_id

    async def add(
        self, chat_id: ChatId, by: UserId, user_id: UserId, role: ChatRole = "member"
    ) -> None:
        await self.database.write(
            lambda tx: membership.put(tx, access.hold(tx, by, chat_id), user_id, role)
        )

    async def remove(self, chat_id: ChatId, by: UserId, user_id: UserId) -> None:
        await self.database.write(
            lambda tx: membership.remove(tx, access.hold(tx, by, chat_id), user_id)
        )

    async def end(self, chat_id: ChatId, by: UserId) -> None:
        await self.database.write(lambda tx: editing.delete(tx, access.hold(tx, by, chat_id)))

    async def set(self, chat_id: ChatId, by: UserId, wanted: SettingsChange) -> None:
        change = ChatChange(settings=wanted)
        await self.database.write(
            lambda tx: editing.update(tx, access.hold(tx, by, chat_id), change)
        )

    # Messages

    async def send(
        self,
        by: UserId,
        chat_id: ChatId,
        text: str,
        message_id: MessageId | None = None,
        reply_to: MessageId | None = None,
    ) -> Sent:
        item = Post(
            author_id=by,
            chat_id=chat_id,
            message_id=message_id or new_message_id(),
            body=Body(text=text),
            reply_to=reply_to,
        )
        return await self.database.write_each(post, item)

    async def say(self, by: UserId, chat_id: ChatId, text: str) -> MessageId:
        message_id = new_message_id()
        await self.send(by, chat_id, text, message_id)
        return message_id

    async def forward(
        self,
        by: UserId,
        chat_id: ChatId,
        source: tuple[ChatId, MessageId],
        message_id: MessageId | None = None,
    ) -> Sent:
        item = Forward(
            author_id=by,
            chat_id=chat_id,
            message_id=message_id or new_message_id(),
            source=MessageRef(chat_id=source[0], message_id=source[1]),
        )
        return await self.database.write_each(post, item)

    async def schedule(
        self,
        by: UserId,
        chat_id: ChatId,
        text: str,
        in_s: int = 60,
        message_id: MessageId | None = None,
        reply_to: MessageId | None = None,
    ) -> Scheduled:
        """Let a message wait for so many seconds from now."""
        at = datetime.fromtimestamp(self.clock.now / 1000 + in_s, UTC)
        wanted = ScheduledPut(body=Body(text=text), send_at=at, reply_to=reply_to)
        made = await self.as_holder(
            by,
            chat_id,
            lambda tx, m: scheduling.put(tx, m, message_id or new_message_id(), wanted),
        )
        return made.scheduled

    async def waiting(self, user_id: UserId) -> list[Scheduled]:
        return await self.database.read(lambda reader: scheduled.listed(reader, user_id))

    async def edit(
        self,
        by: UserId,
        place: tuple[ChatId, MessageId],
        text: str,
        change_id: ChangeId | None = None,
        base_revision: int | None = None,
    ) -> Changed:
        wanted = MessageEdit(
            body=Body(text=text),
            change_id=change_id or new_change_id(),
            base_revision=base_revision,
        )
        return await self.as_holder(
            by, place[0], lambda tx, member: changing.edit(tx, member, place[1], wanted)
        )

    async def delete(
        self, by: UserId, place: tuple[ChatId, MessageId], change_id: ChangeId | None = None
    ) -> Changed:
        change = change_id or new_change_id()
        return await self.as_holder(
            by, place[0], lambda tx, member: changing.delete(tx, member, place[1], change)
        )

    async def react(
        self, by: UserId, place: tuple[ChatId, MessageId], emoji: str, *, on: bool = True
    ) -> Changed:
        return await self.as_holder(
            by, place[0], lambda tx, member: changing.react(tx, member, place[1], emoji, on=on)
        )

    async def pin(self, by: UserId, place: tuple[ChatId, MessageId], *, on: bool = True) -> Changed:
        return await self.as_holder(
            by, place[0], lambda tx, member: pinning.put(tx, member, place[1], on=on)
        )

    async def read_to(self, by: UserId, chat_id: ChatId, n: int, *, force: bool = False) -> int:
        mark = ReadMark(n=n, force=force)
        return await self.as_member(
            by, chat_id, lambda tx, member: read_marks.mark(tx, member, mark)
        )

    async def as_member(
        self, user_id: UserId, chat_id: ChatId, command: Callable[[Transaction, Member], T]
    ) -> T:
        return await self.database.write(
            lambda tx: command(tx, access.require_member(tx, user_id, chat_id))
        )

    async def as_holder(
        self, user_id: UserId, chat_id: ChatId, command: Callable[[Transaction, Member], T]
    ) -> T:
        """The same with the chat's log held, as it is for what changes the log."""
        return await self.database.write(lambda tx: command(tx, access.hold(tx, user_id, chat_id)))

    # What can be seen

    async def look(
        self, user_id: UserId, chat_id: ChatId, query: Callable[[Reader, Member], T]
    ) -> T:
        return await self.database.read(
            lambda reader: query(reader, access.require_member(reader, user_id, chat_id))
        )

    async def page(self, user_id: UserId, chat_id: ChatId, limit: int = 100) -> list[Message]:
        found = await self.look(user_id, chat_id, lambda r, m: catchup.newest(r, m, limit))
        return found.messages

    async def texts(self, user_id: UserId, chat_id: ChatId) -> list[str | None]:
        return [m.body.text if m.body else None for m in await self.page(user_id, chat_id)]

    async def pins(self, user_id: UserId, chat_id: ChatId) -> list[MessageId]:
        found, _ = await self.look(
            user_id, chat_id, lambda r, m: pinning.page(r, m, None, pinning.MAX_PINS)
        )
        return [pin.message.message_id for pin in found]

    async def events(self, user_id: UserId, chat_id: ChatId, after: int = 0) -> list[ChatEvent]:
        found = await self.look(
            user_id, chat_id, lambda r, m: catchup.events_after(r, m, after, 2_000)
        )
        assert not found.more
        assert not found.reset
        return found.items

    async def chat(self, user_id: UserId, chat_id: ChatId) -> Chat:
        return await self.database.read(
            lambda reader: presenting.present_one(reader, user_id, chat_id)
        )

    async def member_ids(self, chat_id: ChatId) -> list[UserId]:
        return await self.database.read(lambda reader: chats.member_ids(reader, chat_id))

    async def own_log(self, user_id: UserId, after: int = 0) -> list[UserEvent]:
        return await self.database.read(lambda r: user_log.after(r, user_id, after, 10_000))

    def told_to_chat(self, chat_id: ChatId) -> list[ChatEvent]:
        """What was announced of a chat, in order."""
        return [
            p.event for p in self.announced if isinstance(p, ToChat) and p.event.chat_id == chat_id
        ]

    def told_to(self, user_id: UserId) -> list[UserEvent]:
        """What was announced of a user's own log, in order."""
        return [p.event for p in self.announced if isinstance(p, ToUser) and p.user_id == user_id]


class MemorySocket:
    """A subscriber's way to a client that keeps what happened to it."""

    def __init__(self) -> None:
        self.woken = 0
        self.closed: CloseCode | None = None

    def wake(self) -> None:
        self.woken += 1

    def end(self, code: CloseCode, reason: str) -> None:
        assert reason
        self.closed = code


def new_message_id() -> MessageId:
    return MessageId(uuid7())


def new_change_id() -> ChangeId:
    return ChangeId(uuid7())


def principal(user_id: UserId, role: ServerRole = "member") -> Principal:
    return Principal(user_id=user_id, session_id=SessionId(uuid7()), role=role)


async def refused(work: Coroutine[Any, Any, object]) -> str:
    """The code with which `work` is refused; fails where it is not."""
    with pytest.raises(Problem) as caught:
        await work
    assert caught.value.sentence.endswith((".", "!")) or ":" in caught.value.sentence
    return caught.value.code


def unframed(packets: Iterable[Packet]) -> list[bytes]:
    """The texts of the frames in packets, as a client would read them."""
    return frames_of(b"".join(packet.data for packet in packets))


def frames_of(data: bytes) -> list[bytes]:
    """The payloads of unmasked text frames (RFC 6455, section 5.2)."""
    found: list[bytes] = []
    while data:
        assert data[0] == 0x81, "one whole text frame"
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        found.append(data[start : start + size])
        data = data[start + size :]
    return found


def kinds(events: Sequence[ChatEvent] | Sequence[UserEvent]) -> list[str]:
    return [str(type(event).__struct_config__.tag) for event in events]


def ignore(table: str, rows: int) -> None:
    """Progress that nobody watches."""
    del table, rows


_schemas: list[bytes] = []


async def schema() -> bytes:
    """An SQLite database with the schema and nothing else, made once in each process."""
    if not _schemas:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "empty.db"
            await upgrade(sa.make_url(f"sqlite:///{path}"))
            _schemas.append(path.read_bytes())
    return _schemas[0]


@asynccontextmanager
async def installed(url: str, **limits: Any) -> AsyncGenerator[World, None]:
    """An installation in the database at `url`, closed at the end."""
    await begin(url)
    announced: list[Publication] = []
    clock = SetClock()
    database = await open_database(
        DatabaseConfig(url=url, **limits), publish=announced.extend, clock=clock
    )
    try:
        yield World(url, database, announced, clock)
    finally:
        await database.close()


async def begin(url: str) -> None:
    """Put the schema where there is no SQLite database yet."""
    # Every revision of the schema in every test would take longer than most of them.
    if url.startswith("sqlite"):
        path = Path(sa.make_url(url).database or "")
        if not await asyncio.to_thread(path.exists):
            await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
            await asyncio.to_thread(path.write_bytes, await schema())


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World, None]:
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as made:
        yield made


async def until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for what says nothing when it happens."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.005)


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run an asynchronous story inside a synchronous test, as hypothesis wants it."""
    return asyncio.run(story, debug=True)
