"""Making chats: a direct one once for each pair, one's own once, groups and channels at will."""

from collections.abc import Sequence
from typing import Final

import msgspec

from uptc_messenger.database import Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, ChatKind, ChatRole, Record, Seq, UserId
from uptc_messenger.models.chats import Chat, ChatCreation, ChatSettings
from uptc_messenger.models.errors import BadRequest, Forbidden, IdConflict, NotFound
from uptc_messenger.models.events import ChatJoined
from uptc_messenger.services.chats import blocking, naming
from uptc_messenger.services.chats.presenting import present, present_one
from uptc_messenger.services.chats.repository import chats, members, user_chats
from uptc_messenger.services.users import blocks, many
from uptc_messenger.toolkit.ids import uuid7

_CHANNEL: Final = ChatSettings(post="admins")
_GROUP: Final = ChatSettings()
_SAVED: Final = ChatSettings(receipts=False)
_SETTINGS: Final[dict[ChatKind, ChatSettings]] = {"channel": _CHANNEL, "saved": _SAVED}
PAIRED: Final[frozenset[ChatKind]] = frozenset({"direct", "saved"})
"""Kinds of which there is one for each two people; one's own is that with oneself."""


class Created(Record, frozen=True):
    """The chat as its creator sees it; `new` is False where it was there already."""

    chat: Chat
    new: bool


class _Plan(Record, frozen=True):
    """A chat to be made, with everybody's role in it; the creator comes first."""

    chat_id: ChatId
    creation: ChatCreation
    creator_id: UserId
    roles: dict[UserId, ChatRole]


def create(tx: Transaction, principal: Principal, creation: ChatCreation) -> Created:
    """Make a chat with its first members, who belong to the creation and take no `seq`.

    Repeating a creation, by its `chat_id` or as a second direct chat of the same two,
    gives the chat that is there.
    """
    if principal.role == "guest" and creation.kind != "saved":
        raise Forbidden("Guests of this server cannot start chats.")
    others = _others(principal.user_id, creation)
    if (chat_id := _already(tx, principal.user_id, creation, others)) is not None:
        return Created(chat=present_one(tx, principal.user_id, chat_id), new=False)
    _check(tx, creation, others)
    _check_blocks(tx, principal.user_id, creation, others)
    plan = _plan(principal.user_id, creation, others)
    _store(tx, plan)
    return Created(chat=_announce(tx, plan), new=True)


def _others(creator_id: UserId, creation: ChatCreation) -> list[UserId]:
    others = [user_id for user_id in dict.fromkeys(creation.member_ids) if user_id != creator_id]
    if creation.kind == "direct" and len(others) != 1:
        raise BadRequest("member_ids: a direct chat is with one other person.")
    if creation.kind == "saved" and others:
        raise BadRequest("member_ids: what you save is for you alone.")
    return others


def _pair(creator_id: UserId, others: Sequence[UserId]) -> tuple[UserId, UserId]:
    return creator_id, others[0] if others else creator_id


def _already(
    tx: Transaction, creator_id: UserId, creation: ChatCreation, others: Sequence[UserId]
) -> ChatId | None:
    if creation.kind in PAIRED and (found := chats.find_direct(tx, *_pair(creator_id, others))):
        return found
    if creation.chat_id is None or (row := chats.find_any(tx, creation.chat_id)) is None:
        return None
    mine = row.creator_id == creator_id and row.kind == creation.kind not in PAIRED
    if not mine or not present(tx, creator_id, [creation.chat_id]):
        raise IdConflict("This chat_id was already used for another chat.")
    return creation.chat_id


def _check(tx: Transaction, creation: ChatCreation, others: Sequence[UserId]) -> None:
    named = creation.title is not None or creation.topic is not None
    if creation.kind in PAIRED and named:
        raise BadRequest("A chat of this kind has no title and no topic: its kind says what it is.")
    if creation.kind not in PAIRED and creation.title is None:
        raise BadRequest("title: a group or channel needs one.")
    if missing := set(others) - many.active(tx, others):
        raise NotFound("There is no such person.", details={"user_id": min(missing)})


def _check_blocks(
    tx: Transaction, creator_id: UserId, creation: ChatCreation, others: Sequence[UserId]
) -> None:
    if creation.kind != "direct":
        blocking.require_may_gather(tx, creator_id, others)
        return
    blocks.hold(tx, creator_id, others[0])
    if blocks.is_between(tx, creator_id, others[0]):
        raise Forbidden("You cannot start a chat with this person.")


def _plan(creator_id: UserId, creation: ChatCreation, others: Sequence[UserId]) -> _Plan:
    first: ChatRole = "member" if creation.kind in PAIRED else "owner"
    return _Plan(
        chat_id=creation.chat_id or ChatId(uuid7()),
        creation=creation,
        creator_id=creator_id,
        roles={creator_id: first, **dict.fromkeys(others, "member")},
    )


def _store(tx: Transaction, plan: _Plan) -> None:
    title, topic = plan.creation.title, plan.creation.topic
    chats.create(
        tx,
        {
            "id": plan.chat_id,
            "kind": plan.creation.kind,
            "title": None if title is None else naming.title(title),
            "topic": "" if topic is None else naming.topic(topic),
            "settings": _SETTINGS.get(plan.creation.kind, _GROUP),
            "member_count": len(plan.roles),
            "route": int(len(plan.roles) > chats.STARTS_WIDE_ABOVE),
            "creator_id": plan.creator_id,
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )
    if plan.creation.kind in PAIRED:
        others = [user_id for user_id in plan.roles if user_id != plan.creator_id]
        chats.add_direct(tx, *_pair(plan.creator_id, others), chat_id=plan.chat_id)
    members.add(
        tx,
        [
            {
                "chat_id": plan.chat_id,
                "user_id": user_id,
                "role": role,
                "joined_seq": 0,
                "joined_at": tx.now,
            }
            for user_id, role in plan.roles.items()
        ],
    )
    user_chats.add(tx, [{"user_id": user, "chat_id": plan.chat_id} for user in plan.roles])


def _announce(tx: Transaction, plan: _Plan) -> Chat:
    """Tell every first member; the chats differ only in who looks at them."""
    chat = present_one(tx, plan.creator_id, plan.chat_id)

    def joined(user_id: UserId, useq: Seq) -> ChatJoined:
        seen = msgspec.structs.replace(chat, role=plan.roles[user_id])
        if plan.creation.kind == "direct":
            (peer_id,) = plan.roles.keys() - {user_id}
            seen = msgspec.structs.replace(seen, peer_id=peer_id)
        return ChatJoined(useq=useq, data=seen)

    many.tell(tx, plan.roles.keys(), joined)
    return chat
