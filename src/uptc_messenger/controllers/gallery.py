"""The files of a chat over HTTP."""

from typing import Annotated, Literal

from litestar import Controller, get
from msgspec import Meta

from uptc_messenger.controllers.decoding import DEFAULT_PAGE, Cursor, Limit, position
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId
from uptc_messenger.models.files import ChatFilePage
from uptc_messenger.services.chats.access import require_member
from uptc_messenger.services.messages import attachments
from uptc_messenger.toolkit import cursors

Kind = (
    Annotated[
        Literal["media", "files", "voice"],
        Meta(description="Pictures and films; sounds and all other files; spoken notes."),
    ]
    | None
)


class GalleryController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("files",)

    @get("/files", operation_id="list_files")
    async def list_files(  # noqa: PLR0913 - one parameter for each of the query's
        self,
        *,
        chat_id: WireChatId,
        principal: Principal,
        backend: Backend,
        kind: Kind = None,
        limit: Limit = DEFAULT_PAGE,
        cursor: Cursor = None,
    ) -> ChatFilePage:
        """Files of a chat, newest first, as far as I may read it."""
        after = position(cursor, attachments.Place)

        def read(reader: Reader) -> ChatFilePage:
            member = require_member(reader, principal.user_id, chat_id)
            found, end = attachments.page(reader, member, kind, after, limit)
            next_cursor = None if end is None else cursors.encode(end)
            return ChatFilePage(files=found, next_cursor=next_cursor)

        return await backend.database.read(read)
