"""Invitations: a secret that lets people into chats, or onto the server, in somebody's name.

An invitation is worth what its inviter may do now, not what was allowed when it was made.
Whatever is wrong with one, the refusal is the same: it tells nothing to who guesses.
"""

from collections.abc import Sequence
from typing import Final

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models import chats as models
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, InviteId, Millis, ServerRole, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services import users
from uptc_messenger.services.chats import access, log, service
from uptc_messenger.services.chats.inviting import (
    SERVER_ADMINS,
    Inviter,
    Offer,
    has_right,
    prove,
    require_right,
)
from uptc_messenger.services.chats.membership import Arrival, admit
from uptc_messenger.services.chats.repository import chats, members
from uptc_messenger.services.chats.repository import invites as repository
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import fingerprint, secret, uuid7

FIRST: Final = InviteId("ffffffff-ffff-ffff-ffff-ffffffffffff")
"""Above every id of an invitation: the list starts at the newest."""


def create(tx: Transaction, principal: Principal, wanted: models.InviteCreation) -> models.Invite:
    """Make an invitation; only this answer holds its secret. It has no `url` yet."""
    return issue(tx, _inviter(principal), wanted)


def issue(tx: Transaction, inviter: Inviter, wanted: models.InviteCreation) -> models.Invite:
    """The same in the name of somebody who is not there: for whoever runs the server."""
    offer = Offer(chat_ids=tuple(dict.fromkeys(wanted.chat_ids)), role=wanted.role)
    require_right(inviter, offer, prove(tx, inviter, [offer]))
    code = secret()
    invite_id = InviteId(uuid7())
    lifetime = wanted.expires_in_s
    expires_at = None if lifetime is None else tx.now + lifetime * 1000
    repository.add(
        tx,
        {
            "id": invite_id,
            "secret_hash": fingerprint(code),
            "inviter_id": inviter.user_id,
            "chat_ids": offer.chat_ids,
            "role": offer.role,
            "created_at": tx.now,
            "expires_at": expires_at,
            "max_uses": wanted.max_uses,
        },
    )
    return models.Invite(
        invite_id=invite_id,
        chat_ids=list(offer.chat_ids),
        role=offer.role,
        expires_at=None if expires_at is None else rfc3339(expires_at),
        uses=0,
        max_uses=wanted.max_uses,
        invite=code,
    )


def page(
    reader: Reader, principal: Principal, before: InviteId, now: Millis, limit: int
) -> tuple[list[models.Invite], InviteId | None]:
    """Invitations that can be used and that the caller could make, newest first.

    Also those of other admins of the caller's chats: whoever answers for a chat sees
    every way into it. With the place where the page ended, if there may be more.
    """
    inviter = _inviter(principal)
    rows = repository.page(
        reader,
        _colleagues(reader, inviter),
        {"now": now, "before": before, "limit": limit + 1},
        server=inviter.role in SERVER_ADMINS,
    )
    offers = {row.id: _offer(row) for row in rows[:limit]}
    proofs = prove(reader, inviter, offers.values())
    shown = [_shown(row) for row in rows[:limit] if has_right(inviter, offers[row.id], proofs)]
    return shown, rows[limit - 1].id if len(rows) > limit else None


def in_force(reader: Reader, rows: Sequence[Row]) -> list[Row]:
    """Those of these invitations whose inviters could still make them, in the same order."""
    offers = {row.id: _offer(row) for row in rows}
    allowed = set[InviteId]()
    for user_id in {row.inviter_id for row in rows}:
        standing = users.standing(reader, user_id)
        if standing is None or standing.disabled:
            continue
        inviter = Inviter(user_id=user_id, role=standing.role)
        own = {row.id: offers[row.id] for row in rows if row.inviter_id == user_id}
        proofs = prove(reader, inviter, own.values())
        allowed |= {key for key, offer in own.items() if has_right(inviter, offer, proofs)}
    return [row for row in rows if row.id in allowed]


def revoke(tx: Transaction, principal: Principal, invite_id: InviteId) -> None:
    """End an invitation; for who made it, and for who could make it."""
    row = repository.by_id(tx, invite_id)
    if row is None or row.revoked:
        raise NotFound
    inviter, offer = _inviter(principal), _offer(row)
    mine = row.inviter_id == principal.user_id
    if not mine and not has_right(inviter, offer, prove(tx, inviter, [offer])):
        raise NotFound
    repository.revoke(tx, invite_id)


def preview(reader: Reader, code: str, now: Millis) -> models.InvitePreview:
    """What an invitation offers, for who holds its secret; raises `NotFound`."""
    row = _require_valid(reader, repository.by_secret(reader, fingerprint(code)), now)
    _require_uses(row)
    inviter = users.profile(reader, row.inviter_id)
    rows = chats.full(reader, row.chat_ids)
    invited = [rows[chat_id] for chat_id in row.chat_ids]
    return models.InvitePreview(
        inviter=models.Inviter(display_name=inviter.display_name, username=inviter.username),
        chats=[models.InvitedChat(title=r.title, member_count=r.member_count) for r in invited],
        role=row.role,
    )


def require(reader: Reader, code: str, now: Millis) -> None:
    """Raise `NotFound` where `for_registration` would refuse now; it holds nothing."""
    _require_uses(_require_valid(reader, repository.by_secret(reader, fingerprint(code)), now))


def for_registration(tx: Transaction, code: str) -> ServerRole:
    """The role on the server of an account that an invitation makes; raises `NotFound`.

    It uses nothing up: that is `welcome`, once the account is there.
    """
    row = _hold(tx, code)
    _require_uses(row)
    if row.chat_ids:
        return "guest" if row.role == "guest" else "member"
    return row.role


def welcome(tx: Transaction, code: str, user_id: UserId) -> list[ChatId]:
    """Bring a new account into the chats of the invitation that it was made with, if any.

    Unlike `accept` it uses the invitation also where there is no chat to come into.
    """
    row = _hold(tx, code)
    _require_uses(row)
    return _bring_in(tx, row, user_id, row.chat_ids)


def accept(tx: Transaction, code: str, user_id: UserId) -> list[ChatId]:
    """Bring a person into the chats of an invitation; raises `NotFound`.

    Who is in all of them already uses nothing up, so a retry gets the first answer.
    """
    row = _hold(tx, code)
    inside = access.find_members(tx, [(user_id, chat_id) for chat_id in row.chat_ids])
    missing = [chat_id for chat_id in row.chat_ids if (user_id, chat_id) not in inside]
    if not missing:
        return row.chat_ids
    _require_uses(row)
    return _bring_in(tx, row, user_id, missing)


def _bring_in(tx: Transaction, row: Row, user_id: UserId, chat_ids: list[ChatId]) -> list[ChatId]:
    repository.use(tx, row.id)
    for chat_id in chat_ids:
        admit(tx, Arrival(chat_id=chat_id, user_id=user_id, role=row.role, by=user_id))
    return row.chat_ids


def _hold(tx: Transaction, code: str) -> Row:
    """A valid invitation and the logs of its chats, held until the commit."""
    row = repository.hold(tx, fingerprint(code))
    if row is not None:
        log.lock_all(tx, row.chat_ids)
    return _require_valid(tx, row, tx.now)


def _require_valid(reader: Reader, row: Row | None, now: Millis) -> Row:
    if row is None or not repository.usable(row, now):
        raise _unknown()
    standing = users.standing(reader, row.inviter_id)
    if standing is None or standing.disabled:
        raise _unknown()
    inviter = Inviter(user_id=row.inviter_id, role=standing.role)
    offer = _offer(row)
    if not has_right(inviter, offer, prove(reader, inviter, [offer])):
        raise _unknown()
    return row


def _require_uses(row: Row) -> None:
    if repository.used_up(row):
        raise _unknown()


def _unknown() -> NotFound:
    return NotFound("This invitation does not exist or is no longer valid.")


def _inviter(principal: Principal) -> Inviter:
    return Inviter(user_id=principal.user_id, role=principal.role)


def _offer(row: Row) -> Offer:
    return Offer(chat_ids=tuple(row.chat_ids), role=row.role)


def _colleagues(reader: Reader, inviter: Inviter) -> set[UserId]:
    """The caller, and who else runs a chat that the caller runs."""
    pairs = [(inviter.user_id, chat_id) for chat_id in service.chat_ids(reader, inviter.user_id)]
    proofs = access.find_members(reader, pairs)
    mine = [member.chat_id for member in proofs.values() if member.role in access.ADMINS]
    return {inviter.user_id} | members.with_roles(reader, mine, access.ADMINS)


def _shown(row: Row) -> models.Invite:
    return models.Invite(
        invite_id=row.id,
        chat_ids=row.chat_ids,
        role=row.role,
        expires_at=None if row.expires_at is None else rfc3339(row.expires_at),
        uses=row.uses,
        max_uses=row.max_uses,
    )
