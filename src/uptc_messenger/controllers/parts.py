"""The body of a request that brings a part of a file."""

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any, Final

from litestar.exceptions import InternalServerException

from uptc_messenger.controllers.bodies import INFLOW, Inflow
from uptc_messenger.controllers.serving import AnyRequest
from uptc_messenger.models.errors import BadRequest, Timeout, TooLarge
from uptc_messenger.services.files.receiving import Body

PATIENCE_S: Final = 300.0
"""A part that takes longer is cut: whoever has a slow line sends smaller ones."""


@contextmanager
def coming(request: AnyRequest, most: int, part_bytes: int) -> Generator[Body]:
    """The bytes of a part, of which there may be so many; after the block the rest is dropped."""
    told = request.headers.get("content-length", "0")
    _require_size(int(told) if told.isdecimal() else 0, most, part_bytes)
    about: Any = request.scope
    inflow: Inflow | None = about.get("extensions", {}).get(INFLOW)
    try:
        yield _Coming(inflow or _Streamed(request.stream()), most, part_bytes)
    finally:
        if inflow is not None:
            inflow.let_go()


class _Coming:
    """It ends in time, is no larger than it may be, and is something."""

    def __init__(self, body: Body, most: int, part_bytes: int) -> None:
        self._body = body
        self._most = most
        self._part_bytes = part_bytes
        self._size = 0
        self._until = asyncio.get_running_loop().time() + PATIENCE_S

    async def fill(self, room: memoryview) -> int:
        """See the port."""
        try:
            async with asyncio.timeout_at(self._until):
                count = await self._body.fill(room)
        except TimeoutError as error:
            raise Timeout("The part took too long: send smaller ones.") from error
        except (InternalServerException, ConnectionResetError) as error:
            raise BadRequest("The request was cut off.") from error
        self._size += count
        _require_size(self._size, self._most, self._part_bytes)
        if not self._size:
            raise BadRequest("The request needs a body.")
        return count


class _Streamed:
    """A body whose length nobody told, in the pieces that the library makes of it."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    async def fill(self, room: memoryview) -> int:
        """See the port."""
        filled = 0
        while filled < len(room):
            if not self._rest:
                piece = await anext(self._pieces, None)
                if piece is None:
                    break
                self._rest = memoryview(piece)
            taken = self._rest[: len(room) - filled]
            room[filled : filled + len(taken)] = taken
            filled += len(taken)
            self._rest = self._rest[len(taken) :]
        return filled


def _require_size(size: int, most: int, part_bytes: int) -> None:
    if size > part_bytes:
        raise TooLarge(f"A part has at most {part_bytes} bytes.")
    if size > most:
        raise BadRequest("There are more bytes than were announced.")
