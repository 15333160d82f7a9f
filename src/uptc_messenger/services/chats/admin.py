"""What the command line does to invitations: whoever has the data may act in anyone's name.

An invitation still needs an inviter, because it is worth what that person may do.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.admin import CreateInvite, HandedOut, Invites
from uptc_messenger.models.base import UUID_PATTERN, ChatId, InviteId, Millis, Record, UserId
from uptc_messenger.models.chats import InviteCreation
from uptc_messenger.models.errors import BadRequest, Conflict, NotFound
from uptc_messenger.services import users
from uptc_messenger.services.chats import invites
from uptc_messenger.services.chats.inviting import Inviter
from uptc_messenger.services.chats.repository import chats, members
from uptc_messenger.services.chats.repository import invites as repository
from uptc_messenger.toolkit.clock import rfc3339

MOST_LISTED: Final = 500
_ID: Final = re.compile(UUID_PATTERN)


class Totals(Record, frozen=True):
    """How many chats there are, and how many messages in them."""

    chats: int = 0
    messages: int = 0


def totals(reader: Reader) -> Totals:
    """Count them; for `Database.scan`."""
    row = chats.totals(reader)
    return Totals(chats=row.chats, messages=row.messages) if row else Totals()


def find_chats(reader: Reader, names: Iterable[str]) -> list[ChatId]:
    """The chats that these ids or titles mean; for `Database.scan`."""
    return [_find_chat(reader, name) for name in names]


def create(
    tx: Transaction, wanted: CreateInvite, chat_ids: Sequence[ChatId]
) -> tuple[HandedOut, str]:
    """Make an invitation into these chats, or to the server; with its secret."""
    inviter = _inviter(tx, wanted.by, chat_ids)
    creation = InviteCreation(
        chat_ids=list(chat_ids),
        role=wanted.role,
        expires_in_s=wanted.expires_in_s,
        max_uses=wanted.max_uses,
    )
    try:
        made = invites.issue(tx, inviter, creation)
    except NotFound:
        raise Conflict(f"{wanted.by!r} is not in each of these chats.") from None
    row = repository.by_id(tx, made.invite_id)
    if row is None or not isinstance(made.invite, str):
        raise NotFound
    return _shown(tx, [row])[0], made.invite


def listed(reader: Reader, now: Millis) -> Invites:
    """Every invitation that can be used, the newest first."""
    rows = repository.all_usable(reader, now, MOST_LISTED + 1)
    usable = invites.in_force(reader, rows[:MOST_LISTED])
    return Invites(invites=_shown(reader, usable), more=len(rows) > MOST_LISTED)


def revoke(tx: Transaction, invite_id: InviteId) -> None:
    """End an invitation, whoever made it."""
    row = repository.by_id(tx, invite_id)
    if row is None or row.revoked:
        raise NotFound(f"There is no invitation {invite_id}, or it was revoked before.")
    repository.revoke(tx, invite_id)


def _find_chat(reader: Reader, name: str) -> ChatId:
    found = list(chats.full(reader, [ChatId(name)])) if _ID.fullmatch(name) else []
    found = found or chats.named(reader, name, 5)
    if not found:
        raise NotFound(f"There is no chat {name!r}; give its title exactly, or its id.")
    if len(found) > 1:
        raise Conflict(f"Several chats are called {name!r}; give an id: {', '.join(found)}.")
    return found[0]


def _inviter(reader: Reader, by: str | None, chat_ids: Sequence[ChatId]) -> Inviter:
    if by is not None:
        standing = users.standing_by_name(reader, by)
    else:
        user_id = _who_may(reader, chat_ids) if chat_ids else users.owner(reader)
        standing = None if user_id is None else users.standing(reader, user_id)
    if standing is not None:
        return Inviter(user_id=standing.user_id, role=standing.role)
    if by is not None:
        raise NotFound(f"There is no account {by!r}.")
    if chat_ids:
        raise BadRequest("Nobody owns all of these chats; make an invitation for each of them.")
    raise Conflict("This server has no owner yet, in whose name people could be invited.")


def _who_may(reader: Reader, chat_ids: Sequence[ChatId]) -> UserId | None:
    """The first who owns all of these chats and is not disabled."""
    owners = set[UserId].intersection(
        *(members.with_roles(reader, [c], {"owner"}) for c in chat_ids)
    )
    standings = (users.standing(reader, user_id) for user_id in sorted(owners))
    return next((s.user_id for s in standings if s is not None and not s.disabled), None)


def _shown(reader: Reader, rows: Sequence[Row]) -> list[HandedOut]:
    titles = chats.full(reader, {chat_id for row in rows for chat_id in row.chat_ids})
    inviters = users.profiles(reader, {row.inviter_id for row in rows})
    return [
        HandedOut(
            invite_id=row.id,
            inviter=inviters[row.inviter_id].username if row.inviter_id in inviters else "-",
            chats=[titles[c].title or c if c in titles else c for c in row.chat_ids],
            role=row.role,
            expires_at=None if row.expires_at is None else rfc3339(row.expires_at),
            uses=row.uses,
            max_uses=row.max_uses,
        )
        for row in rows
    ]
