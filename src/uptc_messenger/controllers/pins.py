"""Pinned messages and earlier texts over HTTP."""

from litestar import Controller, delete, get, put
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Record, WireChatId, WireMessageId, WireSeq
from uptc_messenger.models.messages import Changed, PinPage, RevisionPage
from uptc_messenger.services.chats.access import hold, require_member
from uptc_messenger.services.messages import pinning, revisions
from uptc_messenger.toolkit import cursors


class _Before(Record, frozen=True):
    """Where a page ended: at a position in the log, or at a revision."""

    number: WireSeq


class PinsController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("messages",)

    @get("/pins", operation_id="list_pins")
    async def list_pins(
        self,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> PinPage:
        """The pinned messages, newest pin first."""
        before = _number(cursor)

        def page(reader: Reader) -> PinPage:
            member = require_member(reader, principal.user_id, chat_id)
            found, end = pinning.page(reader, member, before, limit)
            return PinPage(pins=found, next_cursor=_cursor(end))

        return await backend.database.read(page)

    @put("/messages/{message_id:str}/pin", operation_id="pin_message")
    async def pin(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Pin a message for everyone in the chat."""
        return await _set(backend, principal, (chat_id, message_id), on=True)

    @delete("/messages/{message_id:str}/pin", operation_id="unpin_message", status_code=HTTP_200_OK)
    async def unpin(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Unpin a message for everyone in the chat."""
        return await _set(backend, principal, (chat_id, message_id), on=False)

    @get("/messages/{message_id:str}/revisions", operation_id="list_revisions")
    async def list_revisions(  # noqa: PLR0913 - the path's, the query's and the two that all have
        self,
        *,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> RevisionPage:
        """What a message says, and said before its edits, newest first."""
        before = _number(cursor)

        def page(reader: Reader) -> RevisionPage:
            member = require_member(reader, principal.user_id, chat_id)
            found, end = revisions.page(reader, member, message_id, before, limit)
            return RevisionPage(revisions=found, next_cursor=_cursor(end))

        return await backend.database.read(page)


async def _set(
    backend: Backend, principal: Principal, place: tuple[WireChatId, WireMessageId], *, on: bool
) -> Changed:
    backend.limiter.take("send", principal.user_id)
    chat_id, message_id = place

    def run(tx: Transaction) -> Changed:
        member = hold(tx, principal.user_id, chat_id)
        return pinning.put(tx, member, message_id, on=on)

    return await backend.database.write(run)


def _number(cursor: str | None) -> int | None:
    before = position(cursor, _Before)
    return None if before is None else before.number


def _cursor(end: int | None) -> str | None:
    return None if end is None else cursors.encode(_Before(number=end))
