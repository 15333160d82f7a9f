"""How a command reaches an installation: through its running server, else by itself.

One process at a time works on a data folder. Who claims it has it; where a server has it, the
command asks that server over the admin socket.
"""

import asyncio
import time
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.cli.offline import has_database, opened, require_database
from uptc_messenger.controllers import admin, status
from uptc_messenger.controllers.decoding import decode
from uptc_messenger.controllers.operations import Operations
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.upgrading import foresee
from uptc_messenger.listening import address_of
from uptc_messenger.models.admin import (
    AddUser,
    AdminAnswer,
    AdminRequest,
    Envelope,
    GetStatus,
    Refused,
    Section,
    Status,
    encode,
)
from uptc_messenger.models.errors import BadRequest, Problem
from uptc_messenger.services.backups import history
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit import unix
from uptc_messenger.toolkit.folders import Claimed

A = TypeVar("A", bound=AdminAnswer)
Where = tuple[Path | None, str | None, str | None]
"""The options that select an installation: configuration file, data folder, database."""

WAIT_S: Final = 5.0
"""As long as a server may take to start, or another command to end."""

_STEP_S: Final = 0.05
_ANSWER_S: Final = 90.0
_CHUNK: Final = 65_536
_MOST: Final = 16 * 1_048_576


def reach(request: AdminRequest, kind: type[A], where: Where) -> A:
    """Ask the installation that these options mean; a refusal ends the command."""
    config, data, database = where
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        return ask(settings, request, kind)


def ask(settings: Settings, request: AdminRequest, kind: type[A]) -> A:
    """The answer to a request; a refusal ends the command with its sentence."""
    answer = _reach(settings, checked(request))
    if isinstance(answer, Refused):
        fail(Exit.REFUSED, answer.sentence)
    if not isinstance(answer, kind):
        fail(Exit.DATA, "The server is of another version: restart it, or use its own command.")
    return answer


def checked(request: AdminRequest) -> AdminRequest:
    """The same request, held to the form that the socket would hold it to."""
    return decode(encode(Envelope(database="", request=request)), Envelope).request


def _reach(settings: Settings, request: AdminRequest) -> AdminAnswer:
    folder = Path(settings.server.data)
    until = time.monotonic() + WAIT_S
    if not isinstance(request, AddUser):
        require_database(settings.database)
    while True:
        try:
            return asyncio.run(_by_itself(settings, request))
        except Claimed as claimed:
            why = str(claimed)
        try:
            return over_socket(folder / admin.NAME, settings.database.url, request)
        except (FileNotFoundError, ConnectionRefusedError):
            if time.monotonic() > until:
                fail(Exit.DATA, f"{why} It does not answer at {folder}; is that its data folder?")
            time.sleep(_STEP_S)
        except PermissionError:
            fail(Exit.DATA, f"{folder} belongs to a server of another user; become that user.")


async def _by_itself(settings: Settings, request: AdminRequest) -> AdminAnswer:
    try:
        return await _carry_out(settings, request)
    except SchemaError:
        old = await about_old(settings.database) if isinstance(request, GetStatus) else None
        if old is None:
            raise
        return Status(running=False, sections={"database": old})


async def about_old(config: DatabaseConfig) -> Section | None:
    """What can be told of a database that waits for its upgrade; None for any other."""
    told = await foresee(config)
    if not told.steps:
        return None
    return {
        "kind": told.kind,
        "size_bytes": told.size_bytes,
        "schema": told.current,
        "schema_of_program": told.target,
        "upgrade_pending": True,
    }


async def _carry_out(settings: Settings, request: AdminRequest) -> AdminAnswer:
    backups = history.of(Path(settings.server.data))
    new = not has_database(settings.database)
    async with opened(settings, upgrade=new) as (database, auth):
        operations = Operations(
            database,
            auth,
            lambda: base_of(settings),
            running=False,
            sections={**status.of_database(database), **status.of_backups(backups)},
        )
        try:
            return await operations.run(request)
        except Problem as problem:
            return admin.refused(problem)


def base_of(settings: Settings) -> str:
    """Where the server of these settings will be found."""
    server = settings.server
    if not server.public_url and not server.port:
        raise BadRequest("Where the server will be found is open: set public_url, or start it.")
    return server.public_url.rstrip("/") or address_of(server, server.port)


def over_socket(path: Path, database: str, request: AdminRequest) -> AdminAnswer:
    """Ask the server that listens at `path`; raises `OSError` where none does."""
    envelope = Envelope(database=admin.name_of(database), request=request)
    with unix.connect(path, _ANSWER_S) as connection:
        connection.sendall(encode(envelope))
        answer = b""
        while (part := connection.recv(_CHUNK)) and len(answer) < _MOST:
            answer += part
    try:
        return msgspec.json.decode(answer, type=AdminAnswer)
    except msgspec.DecodeError:
        fail(Exit.DATA, "The server ended before it answered; look whether it was done.")
