"""`uptc-messenger user`: accounts, by whoever has the data."""

import getpass
import sys
from typing import Annotated

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.cli.output import AsJson, QrCode, show, show_link, table
from uptc_messenger.cli.remote import reach
from uptc_messenger.models.admin import (
    Account,
    Accounts,
    AddUser,
    Done,
    IssueResetLink,
    ListUsers,
    ResetLink,
    SetDisabled,
    SetPassword,
    SetRole,
)
from uptc_messenger.models.base import ServerRole

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
    app.command("reset-link")(reset_link)
    app.command("list")(listed)
    return app


def add(
    name: Name,
    role: Annotated[ServerRole, typer.Option(help="Role on the server.")] = "member",
    display_name: Annotated[
        str | None, typer.Option(help="Name that others see; the username where none is given.")
    ] = None,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Make an account."""
    password = read_password(from_stdin=password_stdin)
    request = AddUser(username=name, password=password, role=role, display_name=display_name)
    made = reach(request, Account, (config, data, database))
    show(made, as_json, f"Made the account {made.user.username} ({made.user.role}).")


def listed(
    after: Annotated[str, typer.Option(help="Only usernames after this one.")] = "",
    role: Annotated[ServerRole | None, typer.Option(help="Only who has this role.")] = None,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Show the accounts by username, at most 500."""
    found = reach(ListUsers(after=after, role=role), Accounts, (config, data, database))
    rows: list[tuple[object, ...]] = [("username", "name", "role", "last here", "state")]
    rows += [
        (a.username, a.display_name, a.role, a.last_seen_at, "disabled" if a.disabled else "open")
        for a in found.accounts
    ]
    more = f"\n(more: --after {found.accounts[-1].username})" if found.more else ""
    show(found, as_json, table(rows) + more if found.accounts else "There is no such account.")


def passwd(
    name: Name,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Set another password; every session of the account ends."""
    password = read_password(from_stdin=password_stdin)
    request = SetPassword(username=name, password=password)
    done = reach(request, Done, (config, data, database))
    show(done, as_json, f"{name} has another password, and every session has ended.")


def role(
    name: Name,
    role: Annotated[ServerRole, typer.Argument(metavar="ROLE", help="Role on the server.")],
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Give another role on the server; every session of the account ends."""
    done = reach(SetRole(username=name, role=role), Done, (config, data, database))
    show(done, as_json, f"{name} is {role}, and every session has ended." + about_owner(done))


def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Open the account again.")] = False,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Close an account: nobody can log in to it, and every session ends at once."""
    done = reach(SetDisabled(username=name, disabled=not undo), Done, (config, data, database))
    said = f"{name} can log in again." if undo else f"{name} cannot log in any more."
    show(done, as_json, said + about_owner(done))


def about_owner(done: Done) -> str:
    """What to do where nobody owns the server now; else nothing."""
    said = "\nNobody owns this server now: `uptc-messenger user role NAME owner` names one."
    return said if done.ownerless is True else ""


def reset_link(
    name: Name,
    qr: QrCode = None,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Print a link that sets a new password once, for who is locked out or has no mail.

    The link begins with the configured public_url, else with the address of the server. One
    that was printed before is void.
    """
    made = reach(IssueResetLink(username=name), ResetLink, (config, data, database))
    about = f"Whoever opens this sets the password of {made.username}, once, "
    show_link(made, as_json, (made.url, qr), f"{about}until {made.expires_at}.")


def read_password(*, from_stdin: bool) -> str:
    """The password: from the input where that was asked for, else twice from the terminal."""
    if from_stdin:
        return _first_line()
    if not sys.stdin.isatty():
        fail(Exit.USAGE, "There is no terminal to ask for a password: use --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        fail(Exit.REFUSED, "The two passwords differ; nothing was changed.")
    return password


def _first_line() -> str:
    try:
        line = sys.stdin.readline()
        line.encode()  # in the locale C what is not text has passed until here
    except UnicodeError:
        fail(Exit.USAGE, "The password is not text in UTF-8; nothing was changed.")
    return line.rstrip("\r\n")
