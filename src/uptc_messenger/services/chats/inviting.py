"""Who may invite whom: the right that an invitation needs now, not when it was made."""

from collections.abc import Iterable, Mapping
from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.models.base import ChatId, ChatRole, Record, ServerRole, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import Forbidden, NotFound, Problem
from uptc_messenger.services.chats import access

Proofs = Mapping[tuple[UserId, ChatId], Member]
SERVER_ADMINS: Final[frozenset[ServerRole]] = frozenset({"owner", "admin"})


class Inviter(Record, frozen=True):
    """Somebody in whose name others come in, and that account's role on the server."""

    user_id: UserId
    role: ServerRole


class Offer(Record, frozen=True):
    """What an invitation offers: a role in these chats, or on the server if there are none."""

    chat_ids: tuple[ChatId, ...]
    role: ChatRole


def prove(reader: Reader, inviter: Inviter, offers: Iterable[Offer]) -> Proofs:
    """What the inviter is in the chats of these offers."""
    chat_ids = {chat_id for offer in offers for chat_id in offer.chat_ids}
    return access.find_members(reader, [(inviter.user_id, chat_id) for chat_id in chat_ids])


def require_right(inviter: Inviter, offer: Offer, proofs: Proofs) -> None:
    """Let through who may make this offer; `Forbidden`, or `NotFound` for a foreign chat."""
    if inviter.role == "guest":
        raise Forbidden("Guests of this server cannot invite.")
    if not offer.chat_ids:
        _require_server_right(inviter, offer)
    for chat_id in offer.chat_ids:
        if (member := proofs.get((inviter.user_id, chat_id))) is None:
            raise NotFound
        access.require_may_add(access.require_open(member), offer.role)


def has_right(inviter: Inviter, offer: Offer, proofs: Proofs) -> bool:
    """Whether this offer is the inviter's to make."""
    try:
        require_right(inviter, offer, proofs)
    except Problem:
        return False
    return True


def _require_server_right(inviter: Inviter, offer: Offer) -> None:
    if inviter.role not in SERVER_ADMINS:
        raise Forbidden("Only an admin of this server may invite to it; name a chat of yours.")
    if offer.role == "admin" and inviter.role != "owner":
        raise Forbidden("Only an owner of this server may make admins of it.")
