"""The bytes of files over HTTP; whether one may see them is asked for every range of them."""

from collections.abc import Callable
from typing import Annotated

from litestar import Controller, get, route
from litestar.enums import HttpMethod
from litestar.response import Stream
from msgspec import Meta

from uptc_messenger.controllers.serving import OCTETS, AnyRequest, Asset, reach, serve
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Reader, Row
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId, WireFileId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.files import VariantName
from uptc_messenger.services.files import contents, presenting
from uptc_messenger.services.files.uploads import Part
from uptc_messenger.services.messages import attachments

Download = Annotated[int, Meta(ge=0, le=1, description="1 has a browser save the bytes.")]


class DownloadsController(Controller):
    path = "/files/{file_id:str}"
    tags = ("files",)

    @get("/content", operation_id="get_content", media_type=OCTETS, opt={"also": (206, 304)})
    async def content(
        self,
        file_id: WireFileId,
        request: AnyRequest,
        principal: Principal,
        backend: Backend,
        download: Download = 0,
    ) -> Stream:
        """The bytes of a file, or a range of them."""
        find = _content_of(principal.user_id, file_id, request, download=bool(download))
        return await _answer(backend, request, find)

    @get(
        "/variants/{variant:str}",
        operation_id="get_variant",
        media_type=OCTETS,
        opt={"also": (206, 304)},
    )
    async def variant(
        self,
        file_id: WireFileId,
        variant: VariantName,
        request: AnyRequest,
        principal: Principal,
        backend: Backend,
    ) -> Stream:
        """The bytes of a smaller picture of a file."""
        return await _answer(backend, request, _variant_of(principal.user_id, file_id, variant))

    @route("/content", http_method=HttpMethod.HEAD, include_in_schema=False)
    async def content_head(
        self, file_id: WireFileId, request: AnyRequest, principal: Principal, backend: Backend
    ) -> Stream:
        """The headers of the bytes of a file."""
        find = _content_of(principal.user_id, file_id, request, download=False)
        return await _answer(backend, request, find)

    @route("/variants/{variant:str}", http_method=HttpMethod.HEAD, include_in_schema=False)
    async def variant_head(
        self,
        file_id: WireFileId,
        variant: VariantName,
        request: AnyRequest,
        principal: Principal,
        backend: Backend,
    ) -> Stream:
        """The headers of the bytes of a smaller picture."""
        return await _answer(backend, request, _variant_of(principal.user_id, file_id, variant))


async def _answer(backend: Backend, request: AnyRequest, find: Callable[[Reader], Asset]) -> Stream:
    return await serve(backend.files, request, await backend.database.read(find))


def _content_of(
    user_id: UserId, file_id: WireFileId, request: AnyRequest, *, download: bool
) -> Callable[[Reader], Asset]:
    def find(reader: Reader) -> Asset:
        row = attachments.require_visible(reader, user_id, file_id)
        etag = _etag(row, "")
        span = reach(request, row.size, etag)
        return Asset(
            name=row.name,
            type=row.type,
            size=row.size,
            etag=etag,
            parts=contents.parts_of(reader, file_id, span.start, span.end),
            download=download,
        )

    return find


def _variant_of(
    user_id: UserId, file_id: WireFileId, name: VariantName
) -> Callable[[Reader], Asset]:
    def find(reader: Reader) -> Asset:
        row = attachments.require_visible(reader, user_id, file_id)
        kept = presenting.about(row).variant(name)
        if kept is None:
            raise NotFound("This file has no such picture.")
        return Asset(
            name=f"{name}.webp",
            type=kept.type,
            size=kept.size,
            etag=_etag(row, name),
            parts=[Part(start=0, size=kept.size, object=kept.object)],
        )

    return find


def _etag(row: Row, name: str) -> str:
    return f'"{row.sha256.hex()[:32]}{name and "-" + name}"'
