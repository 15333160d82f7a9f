"""The admin socket: commands on this machine act through the server that runs.

It is a Unix socket in the data folder that only the server's own user can open. Each connection
carries one request and one answer, each a line of JSON (`models.admin`).
"""

import asyncio
import hashlib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog

from uptc_messenger.controllers.decoding import decode
from uptc_messenger.controllers.operations import Operations
from uptc_messenger.models.admin import (
    MAX_REQUEST,
    AdminAnswer,
    AdminRequest,
    Envelope,
    Refused,
    encode,
)
from uptc_messenger.models.errors import (
    BadRequest,
    Conflict,
    Overloaded,
    Problem,
    Timeout,
    TooLarge,
    broken,
)
from uptc_messenger.toolkit import unix
from uptc_messenger.toolkit.tasks import TaskGroup

NAME: Final = "admin.sock"
MOST: Final = 8
"""Connections at a time; more are told to come again."""

HEAR_S: Final = 5.0
ANSWER_S: Final = 60.0
_log = structlog.get_logger(__name__)


class AdminSocket:
    """Serves `operations` to whoever may open the socket in `folder`."""

    def __init__(self, operations: Operations, folder: Path, database: str) -> None:
        self.operations = operations
        self.requests = 0
        self.turned_away = 0
        self._path = folder / NAME
        self._database = name_of(database)
        self._tasks = TaskGroup("admin")
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; the folder is ours, so a socket that is there is a dead server's."""
        listener = unix.bind(self._path)
        self._server = await asyncio.start_unix_server(
            self._connected, sock=listener, limit=MAX_REQUEST
        )

    async def close(self) -> None:
        """Answer nobody any more, and leave nothing behind."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)
        await self._tasks.close()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._tasks) >= MOST:
            self.turned_away += 1
            writer.write(encode(refused(Overloaded())))
            writer.close()
        else:
            self._tasks.start("request", self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(reader)
        except Problem as problem:
            await _tell(writer, refused(problem))
        except Exception:
            await _tell(writer, refused(broken()))
            raise
        else:
            await _tell(writer, answer)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> AdminAnswer:
        return await self._carry_out(self._checked(await _hear(reader)))

    def _checked(self, line: bytes) -> AdminRequest:
        envelope = decode(line, Envelope)
        if envelope.database != self._database:
            raise Conflict("The server of this data folder uses another database.")
        return envelope.request

    async def _carry_out(self, request: AdminRequest) -> AdminAnswer:
        self.requests += 1
        what, who = request.__struct_config__.tag, getattr(request, "username", None)
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self.operations.run(request)
        except Problem as problem:
            _log.info("admin request refused", what=what, who=who, why=problem.code)
            raise
        except TimeoutError:
            raise Timeout("The server did not finish in time; look whether it was done.") from None
        _log.info("admin request done", what=what, who=who)
        return answer


def refused(problem: Problem) -> Refused:
    """A refusal, as it travels."""
    return Refused(code=problem.code, sentence=problem.sentence, retryable=problem.retryable)


def name_of(database: str) -> str:
    """A short name for the database at a URL, the same for whoever may log in to it."""
    parts = urlsplit(database)
    place = f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
    return hashlib.sha256(place.encode()).hexdigest()[:16]


async def _hear(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(HEAR_S):
            return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise TooLarge(f"A request has at most {MAX_REQUEST} bytes.") from None
    except asyncio.IncompleteReadError:
        raise BadRequest("The request was cut off before its line break.") from None
    except TimeoutError:
        raise Timeout("No request came in time.") from None
    except OSError:
        raise BadRequest("The request was cut off.") from None


async def _tell(writer: asyncio.StreamWriter, answer: AdminAnswer) -> None:
    try:
        writer.write(encode(answer))
        async with asyncio.timeout(HEAR_S):
            await writer.drain()
    except (OSError, TimeoutError):
        _log.info("admin answer not taken")
