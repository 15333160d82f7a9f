"""`uptc-messenger promote`: an installation outgrows its file and moves to PostgreSQL."""

import asyncio
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Annotated, TextIO

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.cli.offline import require_database
from uptc_messenger.database import promotion
from uptc_messenger.database.address import parse_url, shown
from uptc_messenger.database.promotion import Copied, Move
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.folders import Claimed, claim


def promote(
    to: Annotated[
        str | None, typer.Option(help="The new database, postgresql://user:password@host/name.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Live in the file again, as it was at the move.")
    ] = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Move the installation from its file to PostgreSQL; may be interrupted and run again.

    While the server runs it copies what there is, changes nothing else and ends with 6. Stop
    the server and run it again: it copies what changed since, compares every row and the
    digest of every chat, and moves in. Clients go on where they were.
    """
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        source = _source(settings)
        require_database(settings.database)
        if undo:
            with claim(Path(settings.server.data), *settings.database.files):
                promotion.undo(source)
            print(f"The installation lives in {source} again.")
            return
        target = _target(to)
        sizes = asyncio.run(promotion.sizes(source))
        copied, compared = Meter("Copied", sizes, sys.stderr), Meter("Compared", sizes, sys.stderr)
        _promote(settings, Move(source, target, copied, compared))


def _promote(settings: Settings, move: Move) -> None:
    started = time.monotonic()
    place = shown(parse_url(move.target))
    try:
        with claim(Path(settings.server.data), *settings.database.files):
            done = asyncio.run(promotion.settle(move))
    except Claimed:
        done = asyncio.run(promotion.copy(move))
        _end_of_progress()
        print(f"Copied to {place}, beside the server: {_told(done, started)}.")
        print("Stop the server and run the same command again: it copies what changed since.")
        raise typer.Exit(Exit.PENDING) from None
    _end_of_progress()
    print(f"Moved to {place}: {_told(done, started)}.")
    print("Proven: every table and the digest of every chat are equal.")
    print(f"From now on: uptc-messenger serve --database {quote(place)}, with the same --data.")
    print("Every other command wants the same --database, or UPTC_DATABASE.")
    print(f"{move.source} is kept as it was, and is not served any more.")


def _source(settings: Settings) -> Path:
    if not settings.database.files:
        fail(Exit.USAGE, "This installation is on PostgreSQL already: there is nothing to move.")
    return settings.database.files[0]


def _target(to: str | None) -> str:
    if to is None:
        fail(Exit.USAGE, "Name the new database: --to postgresql://user:password@host/name.")
    try:
        engine = parse_url(to).get_backend_name()
    except ValueError as error:
        fail(Exit.USAGE, f"--to: {error}.")
    if engine != "postgresql":
        fail(Exit.USAGE, "--to names a file: an installation moves to a postgresql:// database.")
    return to


def _told(done: Copied, started: float) -> str:
    return (
        f"{done.rows} rows, {done.messages} messages of {done.chats} chats; "
        f"{done.changed} rows written in {time.monotonic() - started:.1f} s"
    )


class Meter:
    """Says how far a pass over all tables is: on a terminal in place, else at every tenth."""

    def __init__(self, what: str, sizes: Mapping[str, int], out: TextIO) -> None:
        self._what = what
        self._sizes = sizes
        self._out = out
        self._total = sum(sizes.values())
        self._tenth = 0

    def __call__(self, table: str, rows: int) -> None:
        """Told a table, and how many of its rows are done; earlier ones are done."""
        before = sum(_before(self._sizes, table))
        done = min(before + rows, self._total)
        percent = 100 * done // max(self._total, 1)
        text = f"{self._what} {percent} %: {done:,} of {self._total:,} rows ({table})"
        if self._out.isatty():
            self._out.write(f"\r{text}\033[K")
        elif percent // 10 != self._tenth:
            self._out.write(f"{text}\n")
        self._tenth = percent // 10
        self._out.flush()


def _before(sizes: Mapping[str, int], table: str) -> Iterator[int]:
    """The sizes of the tables that come before one."""
    for name, size in sizes.items():
        if name == table:
            return
        yield size


def _end_of_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
