"""Reactions over HTTP: to react, and to see who did."""

from litestar import Controller, delete, get, put
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Record, WireChatId, WireMessageId, WireUserId
from uptc_messenger.models.messages import Changed, Emoji, ReactionPage
from uptc_messenger.services.chats.access import hold, require_member
from uptc_messenger.services.messages import changing, reactors
from uptc_messenger.toolkit import cursors


class _After(Record, frozen=True):
    """Where a page of who reacted ended."""

    emoji: Emoji
    user_id: WireUserId


class ReactionsController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("messages",)

    @get("/messages/{message_id:str}/reactions", operation_id="list_reactions")
    async def list_reactions(  # noqa: PLR0913 - the path's, the query's and the two that all have
        self,
        *,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
        emoji: Emoji | None = None,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> ReactionPage:
        """Who reacted to a message, those with the same emoji together."""
        after = position(cursor, _After)
        start = reactors.BEGINNING if after is None else (after.emoji, after.user_id)
        wanted = reactors.Wanted(emoji=emoji, after=start, limit=limit)

        def page(reader: Reader) -> ReactionPage:
            member = require_member(reader, principal.user_id, chat_id)
            found, end = reactors.page(reader, member, message_id, wanted)
            return ReactionPage(reactions=found, next_cursor=_cursor(end))

        return await backend.database.read(page)

    @put("/messages/{message_id:str}/reactions/{emoji:str}", operation_id="react")
    async def react(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        emoji: Emoji,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Add one's own reaction."""
        item = (chat_id, message_id, emoji)
        return await _react(backend, principal, item, on=True)

    @delete(
        "/messages/{message_id:str}/reactions/{emoji:str}",
        operation_id="unreact",
        status_code=HTTP_200_OK,
    )
    async def unreact(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        emoji: Emoji,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Take back one's own reaction."""
        item = (chat_id, message_id, emoji)
        return await _react(backend, principal, item, on=False)


def _cursor(end: reactors.Place | None) -> str | None:
    return None if end is None else cursors.encode(_After(emoji=end[0], user_id=end[1]))


async def _react(
    backend: Backend,
    principal: Principal,
    item: tuple[WireChatId, WireMessageId, str],
    *,
    on: bool,
) -> Changed:
    backend.limiter.take("send", principal.user_id)
    chat_id, message_id, emoji = item

    def run(tx: Transaction) -> Changed:
        member = hold(tx, principal.user_id, chat_id)
        return changing.react(tx, member, message_id, emoji, on=on)

    return await backend.database.write(run)
