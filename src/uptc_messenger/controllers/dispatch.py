"""Command → service: one match, shared by everything that a socket may ask."""

from collections.abc import Callable
from functools import partial
from typing import assert_never

import msgspec
from msgspec import UNSET

from uptc_messenger.controllers.views import Views
from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.commands import (
    Ack,
    AnyCommand,
    AnySend,
    DeleteMessage,
    EditMessage,
    ForwardMessage,
    Hello,
    Ping,
    Pong,
    ReadFrom,
    SendMessage,
    SetPresence,
    SetReaction,
    SetRead,
    SetTyping,
    SetView,
    Sync,
)
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.models.fleeting import Frame
from uptc_messenger.models.frames import SyncResult
from uptc_messenger.models.messages import Changed, MessageEdit, ReadMark, ReadState
from uptc_messenger.services.auth import Limiter, LimitName
from uptc_messenger.services.chats.access import hold, require_member
from uptc_messenger.services.messages import catchup, changing, read_marks
from uptc_messenger.services.messages.forwarding import Forward
from uptc_messenger.services.messages.posting import Post
from uptc_messenger.services.websocket.session import refusal
from uptc_messenger.services.websocket.subscriber import Subscriber

Answer = msgspec.Struct | None
Say = Callable[[Frame], None]


def post_of(author_id: UserId, command: AnySend) -> Post | Forward:
    """The message that a command asks to send."""
    if isinstance(command, ForwardMessage):
        return Forward(
            author_id=author_id,
            chat_id=command.chat_id,
            message_id=command.message_id,
            source=command.source,
        )
    return Post(
        author_id=author_id,
        chat_id=command.chat_id,
        message_id=command.message_id,
        body=command.body,
        reply_to=command.reply_to,
        file_ids=tuple(command.file_ids or ()),
    )


class Dispatcher:
    """Carries out commands other than sends, which have a lane of their own."""

    def __init__(self, database: Database, views: Views, limiter: Limiter) -> None:
        self._database = database
        self._views = views
        self._limiter = limiter

    async def run(
        self, who: Principal, subscriber: Subscriber, command: AnyCommand, say: Say
    ) -> Answer:
        """Carry out one command; returns what its `result` carries, or None for no result."""
        self._limiter.take(*_bucket(who, command))
        match command:
            case EditMessage() | DeleteMessage() | SetReaction():
                return await self._change(who, command)
            case SetRead():
                return await self._read(who, command)
            case SetView():
                return await self._views.replace(subscriber, command)
            case Sync():
                await self._sync(who, command, say)
            case SetTyping(chat_id=chat_id, on=on):
                self._views.type(subscriber, chat_id, on=on)
            case SetPresence(state=state, text=text):
                self._views.declare(subscriber, state, text)
            case SendMessage() | ForwardMessage() | Hello() | Ping() | Pong() | Ack():
                raise AssertionError("the session keeps these to itself")
            case _:
                assert_never(command)
        return None

    async def _change(
        self, who: Principal, command: EditMessage | DeleteMessage | SetReaction
    ) -> Changed:
        needs = Needs(chat_id=command.chat_id)
        return await self._database.write(partial(change, who.user_id, command), needs)

    async def _read(self, who: Principal, command: SetRead) -> ReadState:
        def mark(tx: Transaction) -> int:
            member = require_member(tx, who.user_id, command.chat_id)
            return read_marks.mark(tx, member, ReadMark(n=command.n, force=command.force))

        needs = Needs(user_id=who.user_id)
        return ReadState(read_n=await self._database.write(mark, needs))

    async def _sync(self, who: Principal, command: Sync, say: Say) -> None:
        frames = await self._database.read(
            lambda reader: [
                sync_one(reader, who.user_id, wanted, command) for wanted in command.chats
            ]
        )
        for frame in frames:
            say(frame)


def change(
    user_id: UserId, command: EditMessage | DeleteMessage | SetReaction, tx: Transaction
) -> Changed:
    """Carry out a change of one message."""
    member = hold(tx, user_id, command.chat_id)
    match command:
        case EditMessage():
            wanted = MessageEdit(
                body=command.body,
                change_id=command.change_id,
                base_revision=command.base_revision,
            )
            return changing.edit(tx, member, command.message_id, wanted)
        case DeleteMessage():
            return changing.delete(tx, member, command.message_id, command.change_id)
        case SetReaction():
            return changing.react(tx, member, command.message_id, command.emoji, on=command.on)
        case _:
            assert_never(command)


def sync_one(reader: Reader, user_id: UserId, wanted: ReadFrom, command: Sync) -> Frame:
    """The log of one chat after a position, or why not."""
    try:
        member = require_member(reader, user_id, wanted.chat_id)
        found = catchup.events_after(reader, member, wanted.from_seq, command.limit)
    except NotFound as problem:
        return refusal(command.id, _naming(problem, wanted.chat_id))
    return sync_result(wanted.chat_id, found, command.id)


def sync_result(chat_id: ChatId, found: catchup.Slice, ref: int | str | None = None) -> SyncResult:
    """A slice of the log as a frame."""
    return SyncResult(
        chat_id=chat_id,
        from_seq=found.from_seq,
        to_seq=found.to_seq,
        items=found.items,
        more=found.more,
        reset=found.reset,
        ref=UNSET if ref is None else ref,
    )


def _naming(problem: Problem, chat_id: ChatId) -> Problem:
    return type(problem)(problem.sentence, details={"chat_id": chat_id})


def _bucket(who: Principal, command: AnyCommand) -> tuple[LimitName, str]:
    match command:
        case EditMessage() | DeleteMessage() | SetReaction():
            return "send", who.user_id
        case SetTyping():
            return "typing", who.session_id
        case _:
            return "other", who.session_id
