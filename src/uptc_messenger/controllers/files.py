"""Files over HTTP: sent in parts, looked at, deleted."""

from typing import Annotated

from litestar import Controller, Response, delete, get, post, put
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Meta

from uptc_messenger.controllers.parts import coming
from uptc_messenger.controllers.serving import OCTETS, AnyRequest
from uptc_messenger.controllers.state import Backend
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import WireFileId
from uptc_messenger.models.errors import Unsupported
from uptc_messenger.models.files import Completion, File, Reservation, Upload, Usage
from uptc_messenger.services.files.presenting import file_of
from uptc_messenger.services.messages import attachments

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
            with coming(request, place.most, intake.part_bytes) as body:
                return await intake.put_part(place, body)

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
