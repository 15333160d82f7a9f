"""Every command under one name."""

from typing import Annotated

import typer

from uptc_messenger import __version__
from uptc_messenger.cli import (
    backup,
    cluster,
    config,
    dev,
    files,
    invites,
    mail,
    search,
    sessions,
    users,
)
from uptc_messenger.cli.doctor import doctor
from uptc_messenger.cli.exits import explained, written
from uptc_messenger.cli.migrate import migrate
from uptc_messenger.cli.promote import promote
from uptc_messenger.cli.serve import serve
from uptc_messenger.cli.setup import setup
from uptc_messenger.cli.status import status
from uptc_messenger.cli.upgrade import upgrade

EPILOG = (
    "Exit codes: 0 done, 1 refused, 2 wrong usage or configuration, 3 database, 4 address, "
    "5 data folder in use, 6 an upgrade or a move is pending, 7 bus."
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"uptc-messenger {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """A messenger that an institution runs itself."""


def build() -> typer.Typer:
    """The command line, with nothing run yet."""
    app = typer.Typer(
        name="uptc-messenger",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    app.command(epilog=EPILOG)(serve)
    app.command(epilog=EPILOG)(setup)
    app.command(epilog=EPILOG)(status)
    app.command(epilog=EPILOG)(doctor)
    app.command(epilog=EPILOG)(migrate)
    app.command(epilog=EPILOG)(upgrade)
    app.command(epilog=EPILOG)(promote)
    app.add_typer(backup.build(), name="backup")
    app.command(epilog=EPILOG)(backup.restore)
    app.add_typer(users.build(), name="user")
    app.add_typer(sessions.build(), name="sessions")
    app.add_typer(invites.build(), name="invite")
    app.add_typer(mail.build(), name="mail")
    app.add_typer(search.build(), name="search")
    app.add_typer(files.build(), name="files")
    app.add_typer(config.build(), name="config")
    app.add_typer(cluster.build(), name="cluster")
    app.add_typer(dev.build(), name="dev")
    return app


def main() -> None:
    """Run the command line of this process."""
    with written(), explained():
        build()()
