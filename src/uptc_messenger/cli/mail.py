"""`uptc-messenger mail`: what became of letters after the mail server had taken them."""

import email
import email.policy
import re
import sys
from email.message import Message
from typing import Annotated

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import Exit, fail
from uptc_messenger.cli.output import AsJson, show
from uptc_messenger.cli.remote import reach
from uptc_messenger.models.admin import AddressRefused, RefuseAddress
from uptc_messenger.services.notifications.mailing import is_gone

_MOST = 1_048_576
_MESSAGE_ID = re.compile(r"^Message-ID:\s*(<[!-;=?-~]{1,900}>)", re.IGNORECASE | re.MULTILINE)


def build() -> typer.Typer:
    """The `mail` commands."""
    app = typer.Typer(no_args_is_help=True, help="Letters that came back.")
    app.command()(bounced)
    app.callback()(_group)
    return app


def _group() -> None:
    """Letters that came back."""


def bounced(
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help="Address.", show_default=False)
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, as its person is told.")] = "came back",
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Send no more letters to an address; without one, to those that a bounce on stdin names.

    For the alias of the mail server that takes what comes back to `mail_sender`.
    """
    if address:
        requests = [RefuseAddress(address=address, reason=reason)]
    else:
        requests = failed(sys.stdin.buffer.read(_MOST))
    if not requests:
        fail(
            Exit.REFUSED,
            "This is no report of a letter that could not be delivered (RFC 3464), or it does not "
            "have the letter's headers.",
        )
    people = 0
    for request in requests:
        people += reach(request, AddressRefused, (config, data, database)).people
    show(AddressRefused(people=people), as_json, f"People who get no more letters: {people}.")


def failed(raw: bytes) -> list[RefuseAddress]:
    """The addresses that a report says are not there for good, why, and by which letter.

    None for a report without the headers of that letter: anybody can write one.
    """
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    found: list[tuple[str, str]] = []
    letter = ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            found += [one for one in map(_failure, part.walk()) if one is not None]
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            letter = letter or _message_id(part)
    if not letter:
        return []
    return [RefuseAddress(address=each, reason=why, letter=letter) for each, why in found]


def _message_id(part: Message) -> str:
    """The `Message-ID` of the letter that a report returns, whole or its headers."""
    found = _MESSAGE_ID.search(part.as_string())
    return found[1] if found else ""


def _failure(about: Message) -> tuple[str, str] | None:
    action = str(about.get("Action", "")).strip().lower()
    status = str(about.get("Status", "")).strip()
    kind, _, address = str(about.get("Final-Recipient", "")).partition(";")
    said = " ".join(str(about.get("Diagnostic-Code", "")).partition(";")[2].split()) or status
    if action != "failed" or kind.strip().lower() != "rfc822" or not _is_gone(status, said):
        return None
    return address.strip(), said[:200]


def _is_gone(status: str, said: str) -> bool:
    # 5.0.0 says nothing: then it is as the server put it that refused the letter.
    vague = status.startswith("5.0")
    code = re.match(r"\d{3}", said)
    return is_gone(int(code[0]) if code else 0, said if vague else status)
