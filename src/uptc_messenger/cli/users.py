"""`uptc-messenger user`: accounts, by whoever has the data."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, explained, fail
from uptc_messenger.cli.offline import opened
from uptc_messenger.models.base import ServerRole
from uptc_messenger.services.auth import Administration

T = TypeVar("T")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Username.", show_default=False)]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from the first line of the input."),
]


def build() -> typer.Typer:
    """The `user` commands."""
    app = typer.Typer(no_args_is_help=True, help="Make and change accounts.")
    for command in (add, passwd, role, disable):
        app.command()(command)
    app.command("reset-code")(reset_code)
    return app


def add(
    name: Name,
    role: Annotated[ServerRole, typer.Option(help="Role on the server.")] = "member",
    password_stdin: FromStdin = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Make an account."""
    password = read_password(from_stdin=password_stdin)
    user = _administer(
        lambda administration: administration.add_user(name, role, password),
        (config, data, database),
    )
    print(f"Made the account {user.username} ({user.role}).")


def passwd(
    name: Name,
    password_stdin: FromStdin = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Set another password; every session of the account ends."""
    password = read_password(from_stdin=password_stdin)
    _administer(
        lambda administration: administration.set_password(name, password),
        (config, data, database),
    )
    print(f"{name} has another password, and every session has ended.")


def role(
    name: Name,
    role: Annotated[ServerRole, typer.Argument(metavar="ROLE", help="Role on the server.")],
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Give another role on the server; every session of the account ends."""
    _administer(
        lambda administration: administration.set_role(name, role), (config, data, database)
    )
    print(f"{name} is {role}.")


def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Open the account again.")] = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Close an account: nobody can log in to it, and every session ends."""
    _administer(
        lambda administration: administration.set_disabled(name, disabled=not undo),
        (config, data, database),
    )
    print(f"{name} can log in again." if undo else f"{name} cannot log in any more.")


def reset_code(
    name: Name,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Print a one-time code with which the person sets a new password."""
    print(
        _administer(
            lambda administration: administration.issue_reset_code(name), (config, data, database)
        )
    )


def read_password(*, from_stdin: bool) -> str:
    """The password: from the input where that was asked for, else twice from the terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail(Exit.USAGE, "There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        fail(Exit.REFUSED, "The two passwords differ; nothing was changed.")
    return password


def _administer(
    work: Callable[[Administration], Awaitable[T]],
    where: tuple[Path | None, str | None, str | None],
) -> T:
    config, data, database = where

    async def run() -> T:
        settings = options.load(config, {"data": data, "database": database})
        async with opened(settings) as (found, auth):
            return await work(Administration(found, auth))

    with explained():
        return asyncio.run(run())
