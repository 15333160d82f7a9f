"""Messages over HTTP: send, read, change, catch up."""

from functools import partial
from typing import Annotated

from litestar import Controller, Response, delete, get, patch, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Meta, structs

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import (
    Record,
    WireChangeId,
    WireChatId,
    WireMessageId,
    WireSeq,
    WireUserId,
)
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.models.frames import EventPage
from uptc_messenger.models.messages import (
    Changed,
    Message,
    MessageEdit,
    MessagePage,
    MessagePut,
    ReadMark,
    ReceiptPage,
    Sent,
)
from uptc_messenger.services.chats.access import find_members, hold, require_member
from uptc_messenger.services.messages import catchup, changing, read_marks
from uptc_messenger.services.messages.posting import Post, post, written
from uptc_messenger.toolkit import cursors

Position = Annotated[WireSeq, Meta(description="A position in the chat's log.")] | None


class _After(Record, frozen=True):
    """Where a page of receipts ended."""

    user_id: WireUserId


class MessagesController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("messages",)

    @get("/messages", operation_id="list_messages")
    async def list_messages(  # noqa: PLR0913 - one parameter for each of the query's
        self,
        *,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        before_seq: Position = None,
        after_seq: Position = None,
        around_seq: Position = None,
        limit: Limit = DEFAULT_PAGE,
    ) -> MessagePage:
        """A page of messages, oldest first; without a bound the newest."""
        bounds = (before_seq, after_seq, around_seq)
        if sum(bound is not None for bound in bounds) > 1:
            raise BadRequest("Give one of before_seq, after_seq and around_seq.")

        def page(reader: Reader) -> MessagePage:
            member = require_member(reader, principal.user_id, chat_id)
            return _page(reader, member, bounds, limit)

        return await backend.database.read(page)

    @put(
        "/messages/{message_id:str}",
        operation_id="send_message",
        status_code=HTTP_201_CREATED,
        opt={"also": (HTTP_200_OK,)},
    )
    async def send(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        data: MessagePut,
        principal: Principal,
        backend: Backend,
    ) -> Response[Message]:
        """Send a message once, however often this is repeated."""
        backend.limiter.take("send", principal.user_id)
        item = Post(
            author_id=principal.user_id,
            chat_id=chat_id,
            message_id=message_id,
            body=data.body,
            reply_to=data.reply_to,
            file_ids=tuple(data.file_ids or ()),
        )
        sent = await backend.database.write_each(post, item, Needs(chat_id=chat_id))
        message = await backend.database.read(partial(_one, item, sent))
        if not sent.duplicate:
            return Response(message, status_code=HTTP_201_CREATED)
        return Response(structs.replace(message, duplicate=True), status_code=HTTP_200_OK)

    @patch("/messages/{message_id:str}", operation_id="edit_message")
    async def edit(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        data: MessageEdit,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Replace the text of one's own message."""
        backend.limiter.take("send", principal.user_id)

        def run(tx: Transaction) -> Changed:
            member = hold(tx, principal.user_id, chat_id)
            return changing.edit(tx, member, message_id, data)

        return await backend.database.write(run, Needs(chat_id=chat_id))

    @delete("/messages/{message_id:str}", operation_id="delete_message", status_code=HTTP_200_OK)
    async def remove(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        change_id: WireChangeId,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Delete for everyone; a tombstone stays."""
        backend.limiter.take("send", principal.user_id)

        def run(tx: Transaction) -> Changed:
            member = hold(tx, principal.user_id, chat_id)
            return changing.delete(tx, member, message_id, change_id)

        return await backend.database.write(run, Needs(chat_id=chat_id))

    @get("/events", operation_id="list_events")
    async def events(
        self,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        after_seq: WireSeq = 0,
        limit: Limit = DEFAULT_PAGE,
    ) -> EventPage:
        """The chat's log after a position, oldest first."""

        def read(reader: Reader) -> catchup.Slice:
            member = require_member(reader, principal.user_id, chat_id)
            return catchup.events_after(reader, member, after_seq, limit)

        found = await backend.database.read(read)
        return EventPage(
            events=found.items, to_seq=found.to_seq, more=found.more, reset=found.reset
        )

    @get("/receipts", operation_id="list_receipts")
    async def receipts(
        self,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> ReceiptPage:
        """Who has read how far, where the chat shows it."""
        after = position(cursor, _After)

        def read(reader: Reader) -> ReceiptPage:
            member = require_member(reader, principal.user_id, chat_id)
            start = None if after is None else after.user_id
            found, end = read_marks.receipts(reader, member, start, limit)
            return ReceiptPage(
                receipts=found,
                next_cursor=None if end is None else cursors.encode(_After(user_id=end)),
            )

        return await backend.database.read(read)

    @put("/read", operation_id="mark_read", status_code=HTTP_204_NO_CONTENT)
    async def mark_read(
        self, chat_id: WireChatId, data: ReadMark, principal: Principal, backend: Backend
    ) -> None:
        """Move my read mark forward, or with `force` anywhere."""

        def run(tx: Transaction) -> None:
            read_marks.mark(tx, require_member(tx, principal.user_id, chat_id), data)

        await backend.database.write(run, Needs(user_id=principal.user_id))


def _page(
    reader: Reader, member: Member, bounds: tuple[int | None, int | None, int | None], limit: int
) -> MessagePage:
    before, after, around = bounds
    if before is not None:
        return catchup.before(reader, member, before, limit)
    if after is not None:
        return catchup.after(reader, member, after, limit)
    if around is not None:
        return catchup.around(reader, member, around, limit)
    return catchup.newest(reader, member, limit)


def _one(item: Post, sent: Sent, reader: Reader) -> Message:
    # It is written, whatever became of its author's membership since.
    pair = (item.author_id, item.chat_id)
    if (member := find_members(reader, [pair]).get(pair)) is None:
        return written(item, sent)
    return catchup.one(reader, member, item.message_id)
