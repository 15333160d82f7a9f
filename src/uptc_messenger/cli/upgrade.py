"""`uptc-messenger upgrade`: a database of an older version, brought to this one."""

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.cli.offline import require_database
from uptc_messenger.cli.output import AsJson, show, size
from uptc_messenger.database import DatabaseConfig, open_database
from uptc_messenger.database.upgrading import Outlook, foresee, rehearse
from uptc_messenger.toolkit.folders import claim


def upgrade(
    check: Annotated[
        bool, typer.Option("--check", help="Only tell, also while the server runs.")
    ] = False,
    rehearsal: Annotated[
        bool, typer.Option(help="Try it on a copy first, where the database is a file.")
    ] = True,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Bring the database to the schema of this program, after trying it on a copy.

    With --check nothing is changed: it tells what is pending, tries it on a copy, and ends
    with 0 where there is nothing to do, with 6 where there is.
    """
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        require_database(settings.database)
        if check:
            told = asyncio.run(_foresee(settings.database, rehearsal=rehearsal))
            show(told, as_json, describe(told))
            raise typer.Exit(Exit.PENDING if told.steps else Exit.OK)
        with claim(Path(settings.server.data), *settings.database.files):
            told = asyncio.run(_upgrade(settings.database, rehearsal=rehearsal))
    done = f"The database has schema {told.target}."
    show(told, as_json, done if told.steps else f"{done} Nothing was to be done.")


async def _upgrade(config: DatabaseConfig, *, rehearsal: bool) -> Outlook:
    told = await _foresee(config, rehearsal=rehearsal)
    if told.steps:
        database = await open_database(config)
        await database.close()
    return told


async def _foresee(config: DatabaseConfig, *, rehearsal: bool) -> Outlook:
    told = await foresee(config)
    if not told.enough:
        fail(Exit.REFUSED, f"The disk is too full for the upgrade.\n{describe(told)}")
    if told.steps and rehearsal and told.kind == "sqlite":
        told = msgspec.structs.replace(told, rehearsed_s=await rehearse(config))
    return told


def describe(told: Outlook) -> str:
    """What will happen, in sentences."""
    if not told.steps:
        return f"The database has schema {told.current}, which is this program's: nothing to do."
    lines = [
        f"The database has schema {told.current or 'none'}, this program {told.target}. Pending:",
        "",
        *(f"  {step.revision}  {step.about}" for step in told.steps),
        "",
        _disk(told),
        _tried(told),
        "Before you upgrade: make a backup (uptc-messenger backup FILE), and stop the server.",
    ]
    return "\n".join(lines)


def _disk(told: Outlook) -> str:
    free = "" if told.free_bytes is None else f" {size(told.free_bytes)} are free."
    needed = f"The database has {size(told.size_bytes)}; the upgrade may need"
    return f"{needed} {size(told.needed_bytes)} more.{free}"


def _tried(told: Outlook) -> str:
    if told.rehearsed_s is None:
        return "It was not tried on a copy."
    return f"It was tried on a copy: it works, and took {told.rehearsed_s:.1f} s."
