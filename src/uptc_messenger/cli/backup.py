"""`uptc-messenger backup` and `restore`: a copy of everything in one file, and the way back."""

import asyncio
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.database.examine import examine
from uptc_messenger.database.moves import refuse_moved
from uptc_messenger.services.backups import history
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.backups.restoring import Proof, Wishes
from uptc_messenger.services.backups.restoring import restore as restore_backup
from uptc_messenger.services.backups.restoring import verify as verify_backup
from uptc_messenger.services.backups.writing import back_up
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.folders import claim

_KB: Final = 1_000
_MB: Final = 1_000_000
_TERMINATED: Final = 128 + signal.SIGTERM
File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.", show_default=False)]
Scratch = Annotated[
    Path | None,
    typer.Option(help="Folder with room for the whole database; the system's for such files."),
]


class FileOrCommand(TyperGroup):
    """`backup FILE` is short for `backup create FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        known = {*self.commands, "--help"}
        wanted = ["create", *args] if args and args[0] not in known else args
        return super().parse_args(ctx, wanted)


def build() -> typer.Typer:
    """The `backup` commands."""
    app = typer.Typer(
        cls=FileOrCommand,
        no_args_is_help=True,
        help="Copy everything to one file: `backup FILE`, also while the server runs.",
    )
    app.command()(create)
    app.command()(verify)
    return app


def create(
    file: File,
    prove: Annotated[bool, typer.Option("--prove", help="Verify it, too.")] = False,
    sizes: Annotated[
        bool,
        typer.Option("--sizes", help="Of files prove the sizes only, as the schedule does."),
    ] = False,
    scratch: Scratch = None,
    force: Annotated[
        bool, typer.Option("--force", help="In the place of a backup that is there already.")
    ] = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Copy the installation to FILE, also while the server runs; only its owner may read it."""
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        if file.exists() and not force:
            fail(Exit.REFUSED, f"{file}: already there; --force writes over it.")
        _end_tidily()
        log = asyncio.run(_create(settings, file))
        if prove:
            proof = asyncio.run(verify_backup(file, scratch, hashes=not sizes))
            log.proven(file, proof.manifest.installation_id)
            print(_proven(file, proof))


async def _create(settings: Settings, file: Path) -> history.HistoryFile:
    # A copy of what was left behind would look like a backup.
    await examine(settings.database, refuse_moved)
    folder = settings.files.folder(Path(settings.server.data))
    made = await back_up(settings.database, file, _progress, folder)
    log = history.of(Path(settings.server.data))
    log.made(made)
    print(f"Backed up {made.rows} rows of {made.chats} chats to {file} ({_size(made.size)}).")
    return log


def verify(
    file: File,
    scratch: Scratch = None,
    config: options.ConfigFile = None,
    data: options.Data = None,
) -> None:
    """Prove that FILE can be restored: every row and the digest of every chat are compared."""
    with explained():
        settings = options.load(config, {"data": data})
        _end_tidily()
        proof = asyncio.run(verify_backup(file, scratch))
        log = history.of(Path(settings.server.data))
        log.proven(file, proof.manifest.installation_id)
    print(_proven(file, proof))


def restore(
    file: File,
    force: Annotated[
        bool, typer.Option("--force", help="Also where an installation is; it is kept beside.")
    ] = False,
    end_sessions: Annotated[
        bool, typer.Option("--end-sessions", help="Everybody logs in again.")
    ] = False,
    without_files: Annotated[
        bool,
        typer.Option("--without-files", help="Leave the files that people sent as they are."),
    ] = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Put a backup in the place of the database; the server must not run."""
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        _end_tidily()
        if not file.exists():  # before the claim, which makes the data folder
            raise BackupError(f"There is no backup at {file}.")
        folder = None if without_files else settings.files.folder(Path(settings.server.data))
        place = None if folder is None else str(folder)
        wishes = Wishes(force=force, end_sessions=end_sessions, files=place)
        with claim(Path(settings.server.data), *settings.database.files):
            done = asyncio.run(restore_backup(file, settings.database, wishes))
    made = done.proof.manifest.created_at
    print(f"Restored {done.proof.messages} messages of {done.proof.chats} chats, as of {made}.")
    if done.kept is not None:
        print(f"What was there before is kept in {done.kept}.")


def _proven(file: Path, proof: Proof) -> str:
    return (
        f"Proven: {file} restores {proof.rows} rows, {proof.messages} messages of "
        f"{proof.chats} chats, {proof.files} parts of files, as of {proof.manifest.created_at}."
    )


def _size(size: int) -> str:
    return f"{size / _MB:.1f} MB" if size >= _MB else f"{size / _KB:.1f} kB"


def _progress(table: str, rows: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{table}: {rows}\033[K")


def _end_tidily() -> None:
    """On SIGTERM leave no unfinished file behind."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise SystemExit(_TERMINATED)
