"""Previews of links over HTTP: their author may take them off."""

from litestar import Controller, delete
from litestar.status_codes import HTTP_200_OK

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId, WireMessageId
from uptc_messenger.models.messages import Changed
from uptc_messenger.services.chats.access import hold
from uptc_messenger.services.messages import previewing


class PreviewsController(Controller):
    path = "/chats/{chat_id:str}/messages/{message_id:str}/preview"
    tags = ("messages",)

    @delete("/", operation_id="remove_preview", status_code=HTTP_200_OK)
    async def remove(
        self,
        chat_id: WireChatId,
        message_id: WireMessageId,
        principal: Principal,
        backend: Backend,
    ) -> Changed:
        """Show no preview of this link under my message, now and from now on."""
        backend.limiter.take("send", principal.user_id)

        def run(tx: Transaction) -> Changed:
            return previewing.remove(tx, hold(tx, principal.user_id, chat_id), message_id)

        return await backend.database.write(run, Needs(chat_id=chat_id))
