"""Bytes of files on their way to a client, under headers with which they can do no harm."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Final

import msgspec
from litestar import Request
from litestar.response import Stream

from uptc_messenger.controllers import problems, ranges
from uptc_messenger.controllers.ranges import Span, Unsatisfiable
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.files import contents
from uptc_messenger.services.files.contents import Stretch
from uptc_messenger.services.files.naming import disposition
from uptc_messenger.services.files.service import Files
from uptc_messenger.services.files.sniffing import SHOWN
from uptc_messenger.services.files.uploads import Part

OCTETS: Final = "application/octet-stream"
POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"
_OK, _PARTIAL, _NOT_MODIFIED = 200, 206, 304
_NOWHERE: Final = Span(start=0, end=0)
AnyRequest = Request[Any, Any, Any]


class Asset(Record, frozen=True):
    """What is to be served: bytes that never change; `parts` have those within `reach`."""

    name: str
    type: str
    size: int
    etag: str
    parts: Sequence[Part]
    download: bool = False


def reach(request: AnyRequest, size: int, etag: str) -> Span:
    """The bytes that the answer to a request will have; none where it will have no bytes."""
    if request.method == "HEAD" or ranges.is_known(request.headers, etag):
        return _NOWHERE
    try:
        return ranges.wanted(request.headers, size, etag) or Span(start=0, end=size)
    except Unsatisfiable:
        return _NOWHERE


async def serve(files: Files, request: AnyRequest, asset: Asset) -> Stream:
    """The answer to a GET or HEAD: whole, in part, or that nothing is new.

    Whoever may not see it was refused before; the store has answered before the first byte
    of ours is sent.
    """
    headers = _headers(request, asset)
    if ranges.is_known(request.headers, asset.etag):
        return _answer(headers, _NOT_MODIFIED, _nothing())
    try:
        span = ranges.wanted(request.headers, asset.size, asset.etag)
    except Unsatisfiable:
        return _unsatisfiable(asset)
    if span is not None:
        headers["content-range"] = f"bytes {span.start}-{span.end - 1}/{asset.size}"
    shown = span or Span(start=0, end=asset.size)
    headers["content-length"] = str(shown.end - shown.start)
    status = _OK if span is None else _PARTIAL
    if request.method == "HEAD":
        return _answer(headers, status, _nothing())
    stretch = Stretch(parts=asset.parts, start=shown.start, end=shown.end)
    return _answer(headers, status, await _begun(files, stretch))


def _headers(request: AnyRequest, asset: Asset) -> dict[str, str]:
    attached = asset.download or asset.type not in SHOWN
    return {
        "content-type": f"{asset.type}; charset=utf-8"
        if asset.type == "text/plain"
        else asset.type,
        "accept-ranges": "bytes",
        "etag": asset.etag,
        # The client says so in a cookie of the session: the next person has this disk too.
        "cache-control": "no-store" if "shared" in request.cookies else "private, no-cache",
        "content-disposition": disposition(asset.name, attached=attached),
        "content-security-policy": POLICY,
    }


def _answer(headers: dict[str, str], status: int, pieces: AsyncIterator[bytes]) -> Stream:
    # Named as a header: the framework would write the one of the route.
    return Stream(pieces, status_code=status, headers=headers)


async def _begun(files: Files, stretch: Stretch) -> AsyncIterator[bytes]:
    """The bytes, once the first of them are here: a store that is away is a refusal."""
    pieces = contents.read(files.store, stretch)
    first = await anext(pieces)
    return _going_on(files, first, pieces)


async def _going_on(
    files: Files, first: bytes, pieces: AsyncGenerator[bytes]
) -> AsyncIterator[bytes]:
    files.served += len(first)
    yield first
    async with aclosing(pieces):
        async for piece in pieces:
            files.served += len(piece)
            yield piece


async def _nothing() -> AsyncIterator[bytes]:
    for piece in ():
        yield piece


def _unsatisfiable(asset: Asset) -> Stream:
    problem = BadRequest("range: there are no such bytes.")
    document = msgspec.json.encode(problems.details(problem, problems.RANGE_NOT_SATISFIABLE))

    async def body() -> AsyncIterator[bytes]:
        yield document

    headers = {
        "content-range": f"bytes */{asset.size}",
        "content-length": str(len(document)),
        "content-type": problems.MEDIA_TYPE,
    }
    return _answer(headers, problems.RANGE_NOT_SATISFIABLE, body())
