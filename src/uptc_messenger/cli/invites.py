"""`uptc-messenger invite`: links that let people in."""

import re
from typing import Annotated, Final, Literal

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.cli.output import AsJson, QrCode, show, show_link, table
from uptc_messenger.cli.remote import reach
from uptc_messenger.models.admin import (
    CreateInvite,
    Done,
    HandedOut,
    Invites,
    ListInvites,
    NewInvite,
    RevokeInvite,
)
from uptc_messenger.models.base import InviteId

_DURATION: Final = re.compile(r"([0-9]{1,9})([smhd]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


def build() -> typer.Typer:
    """The `invite` commands."""
    app = typer.Typer(no_args_is_help=True, help="Make, see and revoke invitations.")
    app.command()(create)
    app.command("list")(listed)
    app.command()(revoke)
    return app


def create(
    chat: Annotated[
        list[str] | None,
        typer.Option(help="Title or id of a chat to come into; may be given again."),
    ] = None,
    role: Annotated[
        Literal["admin", "member", "guest"],
        typer.Option(help="Role in the chats; on the server where no chat is named."),
    ] = "member",
    expires: Annotated[
        str | None, typer.Option(help="How long it is valid: 30m, 12h, 7d. For ever if not given.")
    ] = None,
    uses: Annotated[
        int | None, typer.Option(min=1, help="How many people it lets in; any number if not given.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="In whose name; an owner of the chats, or of the server, if not given."),
    ] = None,
    qr: QrCode = None,
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Make an invitation and print its link, which nobody can see again.

    It lets people into the named chats, or only onto the server.
    """
    request = CreateInvite(
        chats=chat or [],
        role=role,
        expires_in_s=None if expires is None else seconds(expires),
        max_uses=uses,
        by=by,
    )
    made = reach(request, NewInvite, (config, data, database))
    show_link(made, as_json, (made.url, qr), describe(made.invite))


def listed(
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Show the invitations that can still be used, the newest first."""
    found = reach(ListInvites(), Invites, (config, data, database))
    rows: list[tuple[object, ...]] = [("invitation", "by", "into", "as", "uses", "until")]
    rows += [_row(invite) for invite in found.invites]
    text = table(rows) + ("\n(and older ones)" if found.more else "")
    show(found, as_json, text if found.invites else "There is no invitation that can be used.")


def revoke(
    invite: Annotated[str, typer.Argument(metavar="ID", help="As `invite list` shows it.")],
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """End an invitation; who came in by it stays."""
    invite_id = InviteId(options.an_id(invite, "invite list"))
    done = reach(RevokeInvite(invite_id=invite_id), Done, (config, data, database))
    show(done, as_json, "The invitation lets nobody in any more.")


def seconds(text: str) -> int:
    """What `30m`, `12h`, `7d` or a number of seconds means; ends the command if nothing."""
    found = _DURATION.fullmatch(text)
    if found is None:
        fail(Exit.USAGE, f"{text!r} is no duration: write 30m, 12h or 7d.")
    return int(found[1]) * _SECONDS[found[2]]


def describe(invite: HandedOut) -> str:
    """One sentence about who may come in where."""
    place = f"into {', '.join(invite.chats)}" if invite.chats else "onto this server"
    many = "Anyone" if invite.max_uses is None else f"{invite.max_uses} people"
    until = "" if invite.expires_at is None else f", until {invite.expires_at}"
    return f"{many} with this link may come {place} as {invite.role}{until}."


def _row(invite: HandedOut) -> tuple[object, ...]:
    uses = f"{invite.uses} of {invite.max_uses or 'any'}"
    into = invite.chats or "the server"
    return (invite.invite_id, invite.inviter, into, invite.role, uses, invite.expires_at or "-")
