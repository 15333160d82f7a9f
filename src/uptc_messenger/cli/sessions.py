"""`uptc-messenger sessions`: the devices that are logged in."""

from typing import Annotated

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.cli.output import AsJson, show, table
from uptc_messenger.cli.remote import reach
from uptc_messenger.models.admin import Done, EndSessionsOf, ListSessions, Sessions
from uptc_messenger.models.base import SessionId

Name = Annotated[str, typer.Argument(metavar="NAME", help="Username.", show_default=False)]


def build() -> typer.Typer:
    """The `sessions` commands."""
    app = typer.Typer(no_args_is_help=True, help="See and end sessions.")
    app.command("list")(listed)
    app.command()(end)
    return app


def listed(
    name: Name,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Show the devices that are logged in to an account, the last used first."""
    found = reach(ListSessions(username=name), Sessions, (config, data, database))
    head: list[tuple[object, ...]] = [("session", "device", "last used", "since")]
    rows = head + [(s.session_id, s.device, s.last_seen_at, s.created_at) for s in found.sessions]
    show(found, as_json, table(rows) if found.sessions else f"{name} is logged in nowhere.")


def end(
    name: Name,
    session: Annotated[
        str | None, typer.Option(help="Which one, as `sessions list` shows it.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every one of the account.")] = False,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Log out one device of an account, or all of them; open sockets close at once."""
    if every == (session is not None):
        fail(Exit.USAGE, "Say which session to end: --session ID, or --all.")
    shown_by = f"sessions list {name}"
    session_id = None if session is None else SessionId(options.an_id(session, shown_by))
    request = EndSessionsOf(username=name, session_id=session_id)
    done = reach(request, Done, (config, data, database))
    show(done, as_json, f"Sessions ended: {done.ended}.")
