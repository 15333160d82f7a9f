"""Files over HTTP: sent in parts, looked at, deleted."""

import asyncio
from typing import Annotated, Any, Final

from litestar import Controller, Response, delete, get, post, put
from litestar.exceptions import InternalServerException
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Meta

from uptc_messenger.controllers.bodies import INFLOW, Inflow
from uptc_messenger.controllers.serving import OCTETS, AnyRequest
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireFileId
from uptc_messenger.models.errors import BadRequest, Timeout, TooLarge, Unsupported
from uptc_messenger.models.files import Completion, File, Reservation, Upload, Usage
from uptc_messenger.services.files.pieces import Pieces
from uptc_messenger.services.files.presenting import file_of
from uptc_messenger.services.messages import attachments

PATIENCE_S: Final = 300.0
"""A part that takes longer is cut: whoever has a slow line sends smaller ones."""

Offset = Annotated[
    int, Meta(ge=0, le=2**53 - 1, description="Where in the file the bytes of the body begin.")
]


class FilesController(Controller):
    path = "/files"
    tags = ("files",)

    @post("/", operation_id="reserve_file", opt={"also": (HTTP_200_OK,)})
    async def reserve(
        self, data: Reservation, principal: Principal, backend: Backend
    ) -> Response[Upload]:
        """Begin an upload, once however often this is asked."""
        backend.limiter.take("upload", principal.user_id)
        upload, new = await backend.files.intake.reserve(principal.user_id, data)
        return Response(upload, status_code=HTTP_201_CREATED if new else HTTP_200_OK)

    @get("/usage", operation_id="get_usage")
    async def usage(self, principal: Principal, backend: Backend) -> Usage:
        """What I store, and what I may."""
        return await backend.files.intake.usage(principal.user_id)

    @get("/{file_id:str}", operation_id="get_file")
    async def get_file(self, file_id: WireFileId, principal: Principal, backend: Backend) -> File:
        """What is known of a file that I may see."""
        return await backend.database.read(
            lambda reader: file_of(attachments.require_visible(reader, principal.user_id, file_id))
        )

    @get("/{file_id:str}/upload", operation_id="get_upload")
    async def upload(self, file_id: WireFileId, principal: Principal, backend: Backend) -> Upload:
        """How far my upload is."""
        return await backend.files.intake.state(principal.user_id, file_id)

    @put(
        "/{file_id:str}/content",
        operation_id="put_part",
        opt={"body": OCTETS},
        request_max_body_size=None,
    )
    async def put_part(
        self,
        file_id: WireFileId,
        request: AnyRequest,
        principal: Principal,
        backend: Backend,
        offset: Offset,
    ) -> Upload:
        """Send the bytes of a file from a place on."""
        intake = backend.files.intake
        _require_octets(request)
        with intake.slots.take(principal.user_id):
            place = await intake.expects(principal.user_id, file_id, offset)
            pieces = await _read(request, place.most, intake.part_bytes)
            return await intake.put_part(place, pieces)

    @post("/{file_id:str}/complete", operation_id="complete_file", status_code=HTTP_200_OK)
    async def complete(
        self, file_id: WireFileId, data: Completion, principal: Principal, backend: Backend
    ) -> File:
        """End an upload: what arrived is checked and looked into."""
        return await backend.files.intake.complete(principal.user_id, file_id, data)

    @delete("/{file_id:str}", operation_id="delete_file", status_code=HTTP_204_NO_CONTENT)
    async def remove(self, file_id: WireFileId, principal: Principal, backend: Backend) -> None:
        """Cancel my upload, or delete my file that nothing uses."""
        await backend.files.intake.cancel(principal.user_id, file_id)


def _require_octets(request: AnyRequest) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != OCTETS:
        raise Unsupported(f"Send the bytes as {OCTETS}.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Unsupported("Send the body without a content encoding.")


async def _read(request: AnyRequest, most: int, part_bytes: int) -> list[bytes]:
    """The body as it came, of which never more than a part is in memory."""
    told = request.headers.get("content-length", "0")
    _require_size(int(told) if told.isdecimal() else 0, most, part_bytes)
    body = Pieces()
    try:
        async with asyncio.timeout(PATIENCE_S):
            if (inflow := _inflow(request)) is not None:
                await inflow.pour(body.add)
            else:
                async for piece in request.stream():
                    _require_size(body.size + len(piece), most, part_bytes)
                    body.add(piece)
    except TimeoutError as error:
        raise Timeout("The part took too long: send smaller ones.") from error
    except (InternalServerException, ConnectionResetError) as error:
        raise BadRequest("The request was cut off.") from error
    if not body.size:
        raise BadRequest("The request needs a body.")
    return body.taken()


def _inflow(request: AnyRequest) -> Inflow | None:
    """The body of a known length, where the server offers it as a whole."""
    about: Any = request.scope
    return about.get("extensions", {}).get(INFLOW)


def _require_size(size: int, most: int, part_bytes: int) -> None:
    if size > part_bytes:
        raise TooLarge(f"A part has at most {part_bytes} bytes.")
    if size > most:
        raise BadRequest("There are more bytes than were announced.")
