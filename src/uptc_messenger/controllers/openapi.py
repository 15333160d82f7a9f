"""The OpenAPI document of the interface, from the annotations that decode and encode it.

Made by us and not by the framework: its own leaves out the constraints of `msgspec.Meta` and
knows nothing of our refusals, and a document is worth what it has of both.
"""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final, get_args, get_origin, get_type_hints

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.routes import HTTPRoute

from uptc_messenger import __version__
from uptc_messenger.controllers import problems
from uptc_messenger.controllers.parameters import Parameters, placeholders
from uptc_messenger.models.base import Record

Json = dict[str, Any]
_REFERENCE: Final = "#/components/schemas/{name}"
_PROBLEM: Final = {
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(name="ProblemDetails")}}}
}
_ALWAYS: Final = (400, 403, 404, 429, 503, 504)
_WITH_BODY: Final = (409, 413, 415)
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Operation(Record, frozen=True):
    """One method of one address."""

    path: str
    method: str
    handler: Any
    parameters: Any
    body: Any
    answer: Any
    json: bool

    @property
    def authenticated(self) -> bool:
        """Whether it wants somebody who is logged in."""
        return "principal" in get_type_hints(self.handler.fn)


def document(app: Litestar) -> bytes:
    """The document as JSON."""
    operations = sorted(_operations(app), key=lambda o: (o.path, o.method))
    kinds = [*_kinds(operations), problems.ProblemDetails]
    schemas, components = msgspec.json.schema_components(kinds, ref_template=_REFERENCE)
    schema_of = dict(zip(map(_key, kinds), schemas, strict=True))
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _entry(
            operation, schema_of
        )
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "UPTC Messenger", "version": __version__},
            "paths": paths,
            "components": {"schemas": components, "securitySchemes": _schemes()},
        }
    )


def _operations(app: Litestar) -> Iterator[Operation]:
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if handler.operation_id is not None and handler.include_in_schema is not False:
                yield from _of_handler(route.path_format, handler)


def _of_handler(path: str, handler: HTTPRouteHandler) -> Iterator[Operation]:
    hints = get_type_hints(handler.fn, include_extras=True)
    for method in sorted(handler.http_methods):
        yield Operation(
            path=path,
            method=str(method),
            handler=handler,
            parameters=Parameters(handler.fn),
            body=hints.get("data"),
            answer=_unwrapped(hints["return"]),
            json=hints["return"] is not Stream,
        )


def _unwrapped(annotation: Any) -> Any:  # noqa: ANN401 - an annotation
    if get_origin(annotation) is Response:
        return get_args(annotation)[0]
    return str if annotation is Stream else annotation


def _kinds(operations: Iterable[Operation]) -> Iterator[Any]:
    for operation in operations:
        yield from operation.parameters.hints.values()
        if operation.body is not None:
            yield operation.body
        if operation.answer not in {None, type(None)}:
            yield operation.answer


def _key(kind: Any) -> str:  # noqa: ANN401 - an annotation, not always hashable
    return repr(kind)


def _entry(operation: Operation, schema_of: dict[str, Json]) -> Json:
    handler = operation.handler
    entry: Json = {
        "operationId": handler.operation_id,
        "tags": sorted({t for layer in handler.ownership_layers for t in layer.tags or ()}),
        "summary": (handler.fn.__doc__ or "").partition("\n")[0],
        "parameters": list(_parameters(operation, schema_of)),
        "responses": _responses(operation, schema_of),
    }
    if operation.body is not None:
        schema = schema_of[_key(operation.body)]
        entry["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    elif (media_type := handler.opt.get("body")) is not None:
        binary = {"type": "string", "format": "binary"}
        entry["requestBody"] = {"required": True, "content": {media_type: {"schema": binary}}}
    if operation.authenticated:
        entry["security"] = [{"bearer": []}, {"cookie": []}]
    return entry


def _parameters(operation: Operation, schema_of: dict[str, Json]) -> Iterator[Json]:
    in_path = placeholders(operation.path)
    for name, hint in operation.parameters.hints.items():
        schema = dict(schema_of[_key(hint)])
        description = schema.pop("description", "")
        default = operation.parameters.defaults.get(name)
        if default not in {None, ""}:
            schema["default"] = default
        yield {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name not in operation.parameters.defaults,
            "description": description,
            "schema": schema,
        }


def _responses(operation: Operation, schema_of: dict[str, Json]) -> Json:
    responses: Json = {}
    for status in _successes(operation.handler):
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if operation.answer not in {None, type(None)}:
            schema = schema_of[_key(operation.answer)]
            media_type = "application/json" if operation.json else operation.handler.media_type
            responses[str(status)]["content"] = {media_type: {"schema": schema}}
    for status in _refusals(operation):
        responses[str(status)] = {"description": HTTPStatus(status).phrase, **_PROBLEM}
    return responses


def _successes(handler: Any) -> list[int]:  # noqa: ANN401 - the framework's handler
    """The status of the handler, and those that it names in `opt` as further ones."""
    return [handler.status_code, *handler.opt.get("also", ())]


def _refusals(operation: Operation) -> list[int]:
    takes = operation.body is not None or "body" in operation.handler.opt
    with_body = _WITH_BODY if takes else ()
    conflict = (409,) if operation.method in _CHANGING else ()
    known = (401,) if operation.authenticated or operation.path.endswith("/login") else ()
    return sorted({*_ALWAYS, *with_body, *conflict, *known})


def _schemes() -> Json:
    return {
        "bearer": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-session"},
    }
