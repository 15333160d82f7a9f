"""Who may do what in a chat: the only maker of `Member`, and the only judge of it.

A refusal says nothing to who is not in the chat: it is the one of a chat that never was.
"""

import functools
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import msgspec

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.driven import Rows
from uptc_messenger.database.together import Asked
from uptc_messenger.models.base import ChatId, ChatRole, Seq, UserId
from uptc_messenger.models.chats import ChatSettings, Member
from uptc_messenger.models.errors import Forbidden, NotFound
from uptc_messenger.services.chats import log
from uptc_messenger.services.chats.repository import members
from uptc_messenger.services.chats.repository.log import LOCK
from uptc_messenger.services.chats.repository.log import Held as Chat

ADMINS: Final[frozenset[ChatRole]] = frozenset({"owner", "admin"})
"""Roles that may change a chat and its members."""

_RANK: Final[dict[ChatRole, int]] = {"guest": 0, "member": 1, "admin": 2, "owner": 3}


def find_members(
    reader: Reader, pairs: Collection[tuple[UserId, ChatId]]
) -> dict[tuple[UserId, ChatId], Member]:
    """The proof for each pair that is a current member; the others are absent.

    One statement, however many pairs.
    """
    if not pairs:
        return {}
    proofs: dict[tuple[UserId, ChatId], Member] = {}
    for user, chat, role, joined_seq, kind, barred, text in members.of_pairs(reader, pairs):
        settings = _settings(text)
        proofs[user, chat] = Member(
            chat_id=chat,
            user_id=user,
            role=role,
            kind=kind,
            settings=settings,
            visible_after=joined_seq if settings.history == "joined" else 0,
            barred=barred,
        )
    return proofs


class Held(NamedTuple):
    """Logs that are held, proofs that stay true while they are, and what was asked besides."""

    heads: dict[ChatId, log.Position]
    members: dict[tuple[UserId, ChatId], Member]
    found: Sequence[Rows]


def hold_all(
    tx: Transaction, pairs: Collection[tuple[UserId, ChatId]], asked: Sequence[Asked]
) -> Held:
    """Hold the logs of chats, with the proof for each pair that is a current member.

    `asked` is what else has to be known of these logs. All of it in one round trip.
    """
    chat_ids = sorted({chat for _, chat in pairs})
    rows, (present, *found) = tx.hold(LOCK, chat_ids, [members.present(pairs), *asked])
    held: dict[ChatId, Chat] = {row[0]: Chat(*row) for row in rows}
    proofs = {
        (user, chat): _prove(held[chat], user, role, joined_seq)
        for user, chat, role, joined_seq in present
        if chat in held
    }
    return Held(log.positions(tx, held.values()), proofs, found)


def _prove(chat: Chat, user_id: UserId, role: ChatRole, joined_seq: Seq) -> Member:
    settings = _settings(chat.settings)
    return Member(
        chat_id=chat.chat_id,
        user_id=user_id,
        role=role,
        kind=chat.kind,
        settings=settings,
        visible_after=joined_seq if settings.history == "joined" else 0,
        barred=chat.barred,
    )


@functools.lru_cache(maxsize=64)
def _settings(text: str) -> ChatSettings:
    return msgspec.json.decode(text, type=ChatSettings)


def require_member(reader: Reader, user_id: UserId, chat_id: ChatId) -> Member:
    """The proof that the user is in the chat now; raises `NotFound`."""
    pair = (user_id, chat_id)
    member = find_members(reader, [pair]).get(pair)
    if member is None:
        raise NotFound
    return member


def hold(tx: Transaction, user_id: UserId, chat_id: ChatId) -> Member:
    """As `require_member`, with the chat's log held: it stays true until the commit."""
    log.lock(tx, chat_id)
    return require_member(tx, user_id, chat_id)


def require_admin(member: Member) -> Member:
    """Let only owners and admins through; raises `Forbidden`."""
    if member.role not in ADMINS:
        raise Forbidden("Only an admin of this chat may do this.")
    return member


def require_owner(member: Member) -> Member:
    """Let only owners through; raises `Forbidden`."""
    if member.role != "owner":
        raise Forbidden("Only an owner of this chat may do this.")
    return member


def require_unbarred(member: Member) -> Member:
    """Let through where nobody has blocked anybody; raises `Forbidden`.

    The sentence is the same for both people, and does not say which of them it was.
    """
    if member.barred:
        raise Forbidden("You cannot write to this person.")
    return member


def require_poster(member: Member) -> Member:
    """Let through who may write messages here; raises `Forbidden`."""
    require_unbarred(member)
    if member.role == "guest":
        raise Forbidden("Guests of this chat read and do not write.")
    if member.settings.post == "admins" and member.role not in ADMINS:
        raise Forbidden("In this chat only admins write.")
    return member


def require_pinner(member: Member) -> Member:
    """Let through who may pin: who may write, in a channel only admins; raises `Forbidden`."""
    if member.kind == "channel":
        return require_admin(member)
    return require_poster(member)


def require_open(member: Member) -> Member:
    """Let through where people may come and go; raises `Forbidden`."""
    if member.kind == "direct":
        raise Forbidden("A direct chat is between two people, and stays so.")
    if member.kind == "saved":
        raise Forbidden("What you save is for you alone, and stays so.")
    return member


def require_may_add(actor: Member, role: ChatRole) -> None:
    """Admins add members and guests, owners whomever; raises `Forbidden`."""
    require_admin(actor)
    if role in ADMINS:
        require_owner(actor)


def require_may_assign(actor: Member, user_id: UserId, old: ChatRole, new: ChatRole) -> None:
    """Everybody may step down, owners change every role, admins those below theirs."""
    if user_id == actor.user_id and _RANK[new] < _RANK[old]:
        return
    require_admin(actor)
    if old in ADMINS or new in ADMINS:
        require_owner(actor)


def require_may_remove(actor: Member, user_id: UserId, role: ChatRole | None) -> None:
    """Everybody may leave, owners remove everybody, admins who is below them."""
    if user_id == actor.user_id:
        return
    require_admin(actor)
    if role in ADMINS:
        require_owner(actor)
