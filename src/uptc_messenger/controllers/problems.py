"""A refusal on the wire; the only place that knows status numbers."""

from typing import Any, Final, cast

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import UNSET, UnsetType

from uptc_messenger.controllers import methods
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import BadRequest, ErrorCode, NotFound, Problem, TooLarge

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final[dict[ErrorCode, int]] = {
    "bad_request": 400,
    "unauthenticated": 401,
    "mfa_required": 401,
    "session_expired": 401,
    "forbidden": 403,
    "not_found": 404,
    "id_conflict": 409,
    "conflict": 409,
    "reset_required": 409,
    "too_large": 413,
    "unsupported": 415,
    "rate_limited": 429,
    "overloaded": 503,
    "unavailable": 503,
    "timeout": 504,
}
_TITLES: Final[dict[int, str]] = {
    400: "Bad request",
    401: "Not logged in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timeout",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    421: "Misdirected request",
    429: "Too many requests",
    431: "Request header fields too large",
    500: "Internal error",
    503: "Not available",
    504: "No answer in time",
}
METHOD_NOT_ALLOWED: Final = 405
RANGE_NOT_SATISFIABLE: Final = 416
MISDIRECTED: Final = 421
_TOO_LARGE: Final = 413
_log = structlog.get_logger(__name__)
AnyRequest = Request[Any, Any, Any]


class ProblemDetails(Record, frozen=True):
    """A refusal as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    retryable: bool
    retry_after_ms: int | UnsetType = UNSET
    details: dict[str, str] | UnsetType = UNSET


def details(problem: Problem, status: int | None = None) -> ProblemDetails:
    """The document of a refusal; `status` where HTTP has a finer number than the code."""
    number = status or STATUS[problem.code]
    return ProblemDetails(
        type="about:blank",
        title=_TITLES[number],
        status=number,
        detail=problem.sentence,
        code=problem.code,
        retryable=problem.retryable,
        retry_after_ms=UNSET if problem.retry_after_ms is None else problem.retry_after_ms,
        details=problem.details or UNSET,
    )


def headers(problem: Problem) -> dict[str, str]:
    """`Retry-After` in whole seconds, rounded up, where there is a time to wait."""
    if problem.retry_after_ms is None:
        return {}
    return {"retry-after": str(-(-problem.retry_after_ms // 1000))}


def refuse(problem: Problem, status: int | None = None) -> Response[bytes]:
    """The answer to a request that is refused."""
    document = details(problem, status)
    return Response(
        content=msgspec.json.encode(document),
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers=headers(problem),
    )


def on_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """A refusal by one of our services or guards."""
    _log.info("refused", problem=problem.code, method=request.method, path=request.url.path)
    return refuse(problem)


def on_http_exception(request: AnyRequest, error: HTTPException) -> Response[bytes]:
    """A refusal by the framework: an unknown path or method, or parameters of the wrong form."""
    if isinstance(error, ValidationException):
        return refuse(BadRequest(_parameter_sentence(error)))
    if error.status_code == METHOD_NOT_ALLOWED:
        answer = refuse(BadRequest(f"{request.method} is not possible here."), METHOD_NOT_ALLOWED)
        answer.headers.update({"allow": ", ".join(methods.allowed(request.app, request.url.path))})
        return answer
    match error.status_code:
        case 404:
            return refuse(NotFound("There is nothing at this address."))
        case 413:
            return refuse(TooLarge("A request has at most 1 MiB."))
        case 400:
            return refuse(BadRequest())
        case _:
            return on_bug(request, error)


def on_bug(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Whatever was not foreseen: a generic sentence outside, everything in the log."""
    _log.error("a request failed", method=request.method, path=request.url.path, exc_info=error)
    return internal_error()


def internal_details() -> ProblemDetails:
    """What is said of a bug of ours; the header `x-request-id` finds it in the log."""
    return ProblemDetails(
        type="about:blank",
        title=_TITLES[500],
        status=500,
        detail="Something went wrong on the server; its log has the details.",
        code="unavailable",
        retryable=True,
    )


def internal_error() -> Response[bytes]:
    """The answer to a bug of ours."""
    document = internal_details()
    return Response(
        content=msgspec.json.encode(document), status_code=document.status, media_type=MEDIA_TYPE
    )


def _parameter_sentence(error: ValidationException) -> str:
    extra = cast("list[dict[str, str]] | None", error.extra)
    if not extra:
        return BadRequest.default
    first = extra[0]
    return f"{first.get('key', 'parameter')}: {first.get('message', 'not usable')}"[:200]


HANDLERS: Final[dict[int | type[Exception], Any]] = {
    Problem: on_problem,
    HTTPException: on_http_exception,
    Exception: on_bug,
}
