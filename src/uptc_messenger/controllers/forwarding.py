"""Forwarded messages over HTTP: forward one, and find where one was first written."""

from litestar import Controller, Response, get, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId, WireMessageId
from uptc_messenger.models.messages import MessageRef, Origin, Sent
from uptc_messenger.services.chats.access import require_member
from uptc_messenger.services.messages import forwarding
from uptc_messenger.services.messages.forwarding import Forward
from uptc_messenger.services.messages.posting import post


class ForwardingController(Controller):
    path = "/chats/{chat_id:str}/messages/{message_id:str}"
    tags = ("messages",)

    @put(
        "/forward",
        operation_id="forward_message",
        status_code=HTTP_201_CREATED,
        opt={"also": (HTTP_200_OK,)},
    )
    async def forward(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        data: MessageRef,
        principal: Principal,
        backend: Backend,
    ) -> Response[Sent]:
        """Send into this chat, once, what a message of any of my chats says."""
        backend.limiter.take("send", principal.user_id)
        item = Forward(
            author_id=principal.user_id, chat_id=chat_id, message_id=message_id, source=data
        )
        sent = await backend.database.write_each(post, item, Needs(chat_id=chat_id))
        return Response(sent, status_code=HTTP_200_OK if sent.duplicate else HTTP_201_CREATED)

    @get("/origin", operation_id="get_origin")
    async def origin(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> Origin:
        """Where a forwarded message was first written, if I may read it there."""

        def read(reader: Reader) -> Origin:
            member = require_member(reader, principal.user_id, chat_id)
            return forwarding.origin(reader, member, message_id)

        return await backend.database.read(read)
