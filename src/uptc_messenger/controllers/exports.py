"""A conversation as a page to keep, over HTTP."""

import re
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from litestar import Controller, get
from litestar.response import Stream
from msgspec import Meta

from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireChatId
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.messages.export import copying
from uptc_messenger.services.messages.export.copying import Copy
from uptc_messenger.services.messages.export.document import POLICY
from uptc_messenger.services.users.names import fold
from uptc_messenger.toolkit.clock import rfc3339, wall_clock

MEDIA_TYPE: Final = "text/html"
_NAME_CHARS: Final = 60
Zone = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*\Z",
        description="A time zone of the IANA database, such as America/Bogota.",
    ),
]


class ExportsController(Controller):
    path = "/chats/{chat_id:str}"
    tags = ("messages",)

    @get("/export", operation_id="export_chat", media_type=MEDIA_TYPE)
    async def export(
        self, chat_id: WireChatId, principal: Principal, backend: Backend, tz: Zone = "UTC"
    ) -> Stream:
        """The conversation as one page of HTML, up to now, as far as I may read it."""
        backend.limiter.take("export", principal.user_id)
        zone = _zone(tz)

        def plan(reader: Reader) -> Copy:
            now = rfc3339(wall_clock())
            return copying.plan(reader, principal.user_id, chat_id, zone, now)

        copy = await backend.database.read(plan)
        return Stream(
            copying.write(backend.database, copy),
            media_type=MEDIA_TYPE,
            headers={
                "content-disposition": disposition(copy.frame.title, copy.frame.made_at[:10]),
                "content-security-policy": f"sandbox; {POLICY}; frame-ancestors 'none'",
            },
        )


def disposition(title: str, day: str) -> str:
    """A `Content-Disposition` (RFC 6266) that saves the page under the name of the chat.

    A plain name for old programs, and the real one in the form of RFC 8187.
    """
    shown = " ".join(re.sub(r"[^\w .,()@+-]", " ", title[:_NAME_CHARS]).split()) or "chat"
    plain = re.sub("[^a-z0-9]+", "-", fold(shown)).strip("-") or "chat"
    return (
        f'attachment; filename="{plain}-{day}.html"; '
        f"filename*=UTF-8''{quote(f'{shown} {day}.html', safe='')}"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError) as error:
        raise BadRequest("tz: this server does not know this time zone.") from error
