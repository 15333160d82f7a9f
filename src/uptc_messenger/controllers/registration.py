"""Making an account, with an invitation or without: several services, one transaction."""

import re
from typing import Any, Final

import structlog
from litestar import Request

from uptc_messenger.controllers import attempts
from uptc_messenger.controllers.state import Backend
from uptc_messenger.database import Transaction
from uptc_messenger.models.auth import Register
from uptc_messenger.models.base import ServerRole
from uptc_messenger.models.errors import BadRequest, Forbidden
from uptc_messenger.services.auth import Opened, passwords
from uptc_messenger.services.chats import invites
from uptc_messenger.services.users import NewUser, names
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.ids import fingerprint

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_log = structlog.get_logger(__name__)


async def register(
    backend: Backend, request: Request[Any, Any, Any], wanted: Register, device: str
) -> Opened:
    """Make the account and open its first session; with an invitation also join its chats.

    `Forbidden` where registration is closed or wants an invitation, `NotFound` where the
    invitation is not good, `Conflict` where the username is taken; then nothing was made.
    """
    _require_open(backend, wanted)
    username = names.new_username(wanted.username)
    _check_email(wanted.email)
    passwords.check(wanted.password, username)
    await _count(backend, request, wanted.invite)
    known = wanted.invite is not None
    password_hash = await backend.auth.new_hash(wanted.password, username, known=known)

    def make(tx: Transaction) -> Opened:
        account = NewUser(
            username=username,
            display_name=wanted.display_name or wanted.username,
            email=wanted.email,
            role=_role(tx, wanted.invite),
            locale=wanted.locale,
        )
        opened = backend.auth.register(tx, account, password_hash, device)
        if wanted.invite is not None:
            invites.welcome(tx, wanted.invite, opened.user.user_id)
        return opened

    opened = await backend.database.write(make)
    _log.info("registered", user_id=opened.user.user_id, invited=wanted.invite is not None)
    return opened


def _require_open(backend: Backend, wanted: Register) -> None:
    match backend.auth.config.registration:
        case "closed":
            raise Forbidden("Nobody can register here; an administrator makes the accounts.")
        case "invite" if wanted.invite is None:
            raise Forbidden("Registering needs an invitation.")
        case _:
            return


async def _count(backend: Backend, request: Request[Any, Any, Any], invite: str | None) -> None:
    """Count against the invitation if it is good, against the address if there is none."""
    if invite is None:
        backend.limiter.take("register_ip", attempts.key(backend, request))
        return
    with attempts.guess(backend, request, "invite_guess"):
        await backend.database.read(lambda reader: invites.require(reader, invite, wall_clock()))
    backend.limiter.take("register_invite", fingerprint(invite).hex())


def _role(tx: Transaction, invite: str | None) -> ServerRole:
    return "member" if invite is None else invites.for_registration(tx, invite)


def _check_email(email: str | None) -> None:
    if email is not None and not _EMAIL.fullmatch(email):
        raise BadRequest("email: an address such as ana@example.edu.")
