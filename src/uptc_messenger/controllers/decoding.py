"""Bodies and parameters, read strictly.

The framework would also decode `text/plain`, turn "1" into 1, ignore parameters that it
does not know, and fail on deep nesting; here each of these is a refusal.
"""

from collections.abc import Generator
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.dto import AbstractDTO, DTOConfig
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.exceptions import InternalServerException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition
from msgspec import Meta

from uptc_messenger.models.commands import check_json, refusal
from uptc_messenger.models.errors import BadRequest, Unsupported
from uptc_messenger.toolkit import cursors

MAX_BODY: Final = 1_048_576
MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
T = TypeVar("T")

Limit = Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Most entries of the answer.")]
Cursor = (
    Annotated[
        str, Meta(max_length=cursors.MAX_LENGTH, description="`next_cursor` of the page before.")
    ]
    | None
)


def decode(raw: bytes, kind: type[T]) -> T:
    """The value of a JSON text, or `BadRequest`; nothing is converted or ignored."""
    try:
        check_json(raw)
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise refusal(error) from error


def position(cursor: str | None, kind: type[T]) -> T | None:
    """Where the next page starts; None for the first one."""
    if cursor is None:
        return None
    try:
        return cursors.decode(cursor, kind)
    except cursors.BadCursor as error:
        raise BadRequest("cursor: take it from next_cursor of the page before.") from error


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is JSON, or is refused before it is read."""

    async def body(self) -> bytes:
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != (
            "application/json"
        ):
            raise Unsupported
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Unsupported("Send the body without a content encoding.")
        try:
            raw = await super().body()
        except InternalServerException as error:
            raise BadRequest("The request was cut off.") from error
        if not raw:
            raise BadRequest("The request needs a body.")
        return raw


class JsonBody(AbstractDTO[Any]):
    """Decodes the parameter `data` of a handler to its annotated struct."""

    config = DTOConfig()

    def __init__(self, asgi_connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        self.asgi_connection = asgi_connection
        self._handler: BaseRouteHandler = asgi_connection.route_handler

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401
        return decode(value, self._handler.parsed_fn_signature.parameters["data"].annotation)

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,  # noqa: ANN401
    ) -> None:
        """Nothing to prepare: the struct decodes itself."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003
        schema_creator: Any,  # noqa: ANN401
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(
        cls,
        model_type: type[Any],  # noqa: ARG003
    ) -> Generator[DTOFieldDefinition, None, None]:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003
        return False
