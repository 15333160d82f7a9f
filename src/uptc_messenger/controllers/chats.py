"""Chats over HTTP: make, list, change, leave, and who is in them."""

from functools import partial
from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from msgspec import Meta

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, Record, UserId, WireChatId, WireUserId
from uptc_messenger.models.chats import (
    Chat,
    ChatChange,
    ChatCreation,
    ChatPage,
    MemberEntry,
    MemberPage,
    RoleAssignment,
)
from uptc_messenger.services.chats import access, creation, editing, membership, presenting
from uptc_messenger.services.messages.catchup import last_messages
from uptc_messenger.toolkit import cursors

Called = Annotated[str, Meta(max_length=100, description="Beginnings of words of a title.")]


class _After(Record, frozen=True):
    """Where a page of members ended."""

    user_id: WireUserId


class ChatsController(Controller):
    path = "/chats"
    tags = ("chats",)

    @post("/", operation_id="create_chat", opt={"also": (HTTP_200_OK,)})
    async def create(
        self, data: ChatCreation, principal: Principal, backend: Backend
    ) -> Response[Chat]:
        """Make a chat; the same again, or a second direct one of a pair, gives the first."""

        def run(tx: Transaction) -> creation.Created:
            return creation.create(tx, principal, data)

        made = await backend.database.write(run)
        if made.new:
            return Response(made.chat, status_code=HTTP_201_CREATED)
        chat = await backend.database.read(partial(_one, principal.user_id, made.chat.chat_id))
        return Response(chat, status_code=HTTP_200_OK)

    @get("/", operation_id="list_chats")
    async def list_chats(
        self,
        principal: Principal,
        backend: Backend,
        q: Called = "",
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> ChatPage:
        """My chats, or those that are called so, latest activity first."""
        if q:
            backend.limiter.take("search", principal.user_id)
        after = position(cursor, presenting.Place)

        def page(reader: Reader) -> ChatPage:
            ids, end = presenting.page(reader, principal.user_id, after, limit, q)
            chats = presenting.present(reader, principal.user_id, ids, last_messages)
            return ChatPage(chats=chats, next_cursor=None if end is None else cursors.encode(end))

        return await backend.database.read(page)

    @get("/{chat_id:str}", operation_id="get_chat")
    async def get_chat(self, chat_id: WireChatId, principal: Principal, backend: Backend) -> Chat:
        """A chat that I am in."""
        return await backend.database.read(partial(_one, principal.user_id, chat_id))

    @patch("/{chat_id:str}", operation_id="change_chat")
    async def change(
        self, chat_id: WireChatId, data: ChatChange, principal: Principal, backend: Backend
    ) -> Chat:
        """Change title, topic or settings, as an admin of the chat."""

        def run(tx: Transaction) -> Chat:
            editing.update(tx, access.hold(tx, principal.user_id, chat_id), data)
            return _one(principal.user_id, chat_id, tx)

        return await backend.database.write(run)

    @delete("/{chat_id:str}", operation_id="delete_chat")
    async def end(self, chat_id: WireChatId, principal: Principal, backend: Backend) -> None:
        """End the chat for everybody, as its owner."""

        def run(tx: Transaction) -> None:
            editing.delete(tx, access.hold(tx, principal.user_id, chat_id))

        await backend.database.write(run)

    @get("/{chat_id:str}/members", operation_id="list_members")
    async def list_members(
        self,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> MemberPage:
        """Who is in the chat."""
        after = position(cursor, _After)

        def page(reader: Reader) -> MemberPage:
            member = access.require_member(reader, principal.user_id, chat_id)
            start = None if after is None else after.user_id
            entries, end = membership.page(reader, member, start, limit)
            return MemberPage(members=entries, next_cursor=_cursor(end))

        return await backend.database.read(page)

    @put("/{chat_id:str}/members/{user_id:str}", operation_id="put_member")
    async def put_member(
        self,
        chat_id: WireChatId,
        user_id: WireUserId,
        data: RoleAssignment,
        principal: Principal,
        backend: Backend,
    ) -> MemberEntry:
        """Add a person, or change a member's role."""

        def run(tx: Transaction) -> MemberEntry:
            actor = access.hold(tx, principal.user_id, chat_id)
            return membership.put(tx, actor, user_id, data.role)

        return await backend.database.write(run)

    @delete("/{chat_id:str}/members/{user_id:str}", operation_id="remove_member")
    async def remove_member(
        self, chat_id: WireChatId, user_id: WireUserId, principal: Principal, backend: Backend
    ) -> None:
        """Remove a member; oneself: leave."""

        def run(tx: Transaction) -> None:
            membership.remove(tx, access.hold(tx, principal.user_id, chat_id), user_id)

        await backend.database.write(run)


def _one(user_id: UserId, chat_id: ChatId, reader: Reader) -> Chat:
    return presenting.present_one(reader, user_id, chat_id, last_messages)


def _cursor(end: UserId | None) -> str | None:
    return None if end is None else cursors.encode(_After(user_id=end))
