"""`uptc-messenger files`: whether what people sent is there, and nothing else is."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.cli.offline import require_database
from uptc_messenger.cli.output import AsJson, show
from uptc_messenger.database.examine import examine
from uptc_messenger.database.moves import refuse_moved
from uptc_messenger.models.base import FileId, Record
from uptc_messenger.models.errors import Conflict, Unavailable
from uptc_messenger.services.files import comparing
from uptc_messenger.services.files.store_obstore import open_store
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.telemetry import configure_logging

_FOREIGN = (
    "The database names none of the {} objects that are in the store: is it that of another "
    "installation? Nothing was deleted."
)


class Checked(Record, frozen=True):
    """What was found: `damaged` are files that lack bytes, `left` objects that no file has."""

    objects: int
    damaged: list[FileId]
    left: int
    left_bytes: int
    deleted: int


def build() -> typer.Typer:
    """The `files` commands."""
    app = typer.Typer(no_args_is_help=True, help="What people sent, in the store of files.")
    app.callback()(_root)
    app.command()(check)
    return app


def _root() -> None:
    """What people sent, in the store of files."""


def check(
    delete: Annotated[
        bool, typer.Option("--delete", help="Let go of objects that no file has.")
    ] = False,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Compare the store of files with the database, also while the server runs.

    Ends with 1 where files lack bytes.
    """
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        require_database(settings.database)
        # Standard output belongs to what the command prints.
        configure_logging(settings.server.log_format, "warning")
        try:
            found = asyncio.run(_check(settings, delete=delete))
        except Unavailable as error:
            fail(Exit.DATA, f"The store of files: {error.sentence}")
    show(found, as_json, _told(found))
    if found.damaged:
        raise SystemExit(Exit.REFUSED)


async def _check(settings: Settings, *, delete: bool) -> Checked:
    await examine(settings.database, refuse_moved)
    store = open_store(settings.files, Path(settings.server.data))
    there = await comparing.listed(store)
    found = await examine(settings.database, comparing.compare(there, wall_clock()))
    lost = await comparing.lost(store, found.lacking)
    damaged = await examine(settings.database, comparing.still(lost))
    if delete:
        if found.is_foreign:
            raise Conflict(_FOREIGN.format(len(found.left)))
        await store.delete([one.name for one in found.left])
    return Checked(
        objects=found.objects,
        damaged=damaged,
        left=len(found.left),
        left_bytes=sum(one.size for one in found.left),
        deleted=len(found.left) if delete else 0,
    )


def _told(found: Checked) -> str:
    kept = "deleted" if found.deleted else "--delete lets go of them"
    return "\n".join(
        (
            f"{found.objects} objects belong to files.",
            f"{len(found.damaged)} files lack bytes.",
            *(f"  {file_id}" for file_id in found.damaged),
            f"{found.left} objects belong to no file ({found.left_bytes} bytes)"
            + (f": {kept}." if found.left else "."),
        )
    )
