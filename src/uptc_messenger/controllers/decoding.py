"""Bodies and parameters, read strictly.

The framework would also decode `text/plain`, turn "1" into 1, ignore parameters that it
does not know, and fail on deep nesting; here each of these is a refusal.
"""

from collections.abc import Generator
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO, DTOConfig
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.exceptions import InternalServerException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Reference, Schema
from litestar.params import Parameter
from litestar.typing import FieldDefinition

from uptc_messenger.models.commands import check_json, refusal
from uptc_messenger.models.errors import BadRequest, Unsupported
from uptc_messenger.toolkit import cursors

MAX_BODY: Final = 1_048_576
MAX_PAGE: Final = 200
DEFAULT_PAGE: Final = 50
T = TypeVar("T")

Limit = Annotated[int, Parameter(ge=1, le=MAX_PAGE, description="Most entries of the answer.")]
Cursor = Annotated[
    str | None,
    Parameter(max_length=cursors.MAX_LENGTH, description="`next_cursor` of the page before."),
]

_RESERVED: Final = frozenset({"data", "request", "headers", "cookies", "body", "scope", "query"})


def decode(raw: bytes, kind: type[T]) -> T:
    """The value of a JSON text, or `BadRequest`; nothing is converted or ignored."""
    try:
        check_json(raw)
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
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

    def decode_bytes(self, value: bytes) -> Any:  # noqa: ANN401
        connection: Any = self.asgi_connection  # pyright knows no types of it
        handler: BaseRouteHandler = connection.route_handler
        return decode(value, handler.parsed_fn_signature.parameters["data"].annotation)

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


def check_query(request: Request[Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Refuse query parameters that the handler does not have, twice the same, and U+0000."""
    known = query_names(request, handler)
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadRequest(f"{name[:40]}: there is no such parameter.")
        if name in seen:
            raise BadRequest(f"{name}: give it once.")
        if "\0" in value:
            raise BadRequest("A text may not contain U+0000.")
        seen.add(name)


def query_names(request: Request[Any, Any, Any], handler: BaseRouteHandler) -> set[str]:
    """The query parameters that a handler reads."""
    given = _RESERVED | set(handler.resolve_dependencies()) | set(request.path_params)
    fields = handler.parsed_fn_signature.parameters
    return {
        getattr(field.kwarg_definition, "query", None) or name
        for name, field in fields.items()
        if name not in given
    }
