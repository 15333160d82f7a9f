"""Who comes, who goes, who becomes what; the last owner of a chat is never lost.

Every actor here is proved under the chat's lock (`access.hold`).
"""

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import ChatId, ChatRole, Record, Seq, UserId
from uptc_messenger.models.chats import Member, MemberEntry
from uptc_messenger.models.errors import Conflict, NotFound
from uptc_messenger.models.events import (
    ChatJoined,
    ChatLeft,
    ChatRef,
    MemberChange,
    MemberJoined,
    MemberLeft,
    MemberRole,
)
from uptc_messenger.services.chats import access, blocking, log
from uptc_messenger.services.chats.presenting import present_one
from uptc_messenger.services.chats.repository import chats, members, user_chats
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.users import many
from uptc_messenger.toolkit.clock import rfc3339


class Arrival(Record, frozen=True):
    """Somebody who comes into a chat with a role, let in by somebody."""

    chat_id: ChatId
    user_id: UserId
    role: ChatRole
    by: UserId


def page(
    reader: Reader, member: Member, after: UserId | None, limit: int
) -> tuple[list[MemberEntry], UserId | None]:
    """The next members in the order of their ids, and the last one if more follow."""
    rows = members.page(reader, member.chat_id, after, limit + 1)
    shown = [
        MemberEntry(user_id=row.user_id, role=row.role, joined_at=rfc3339(row.joined_at))
        for row in rows[:limit]
    ]
    return shown, shown[-1].user_id if len(rows) > limit else None


def put(tx: Transaction, actor: Member, user_id: UserId, role: ChatRole) -> MemberEntry:
    """Add a person, or change a member's role; what changes nothing takes no `seq`."""
    access.require_open(actor)
    current = members.find_current(tx, actor.chat_id, user_id)
    if current is None:
        access.require_may_add(actor, role)
        return _add(tx, actor, user_id, role)
    if current.role != role:
        access.require_may_assign(actor, user_id, current.role, role)
        _keep_an_owner(tx, actor.chat_id, current.role)
        members.set_role(tx, actor.chat_id, user_id, role)
        _log(tx, actor, MemberRole, MemberChange(user_id=user_id, role=role))
    return MemberEntry(user_id=user_id, role=role, joined_at=rfc3339(current.joined_at))


def remove(tx: Transaction, actor: Member, user_id: UserId) -> None:
    """Take a person out of the chat, or leave it oneself.

    Who goes hears it first, before the change in the chat's log: from there on nothing of
    the chat reaches a session of that person.
    """
    access.require_open(actor)
    current = members.find_current(tx, actor.chat_id, user_id)
    access.require_may_remove(actor, user_id, None if current is None else current.role)
    if current is None:
        raise NotFound("This person is not in the chat.")
    _keep_an_owner(tx, actor.chat_id, current.role)
    gone = ChatRef(chat_id=actor.chat_id)
    user_log.append(tx, user_id, lambda useq: ChatLeft(useq=useq, data=gone))
    seq = _log(tx, actor, MemberLeft, MemberChange(user_id=user_id))
    members.leave(tx, actor.chat_id, user_id, seq)
    user_chats.remove(tx, [user_id], actor.chat_id)
    chats.count_members(tx, actor.chat_id, -1)


def admit(tx: Transaction, arrival: Arrival) -> bool:
    """Let a person in by a right proved elsewhere; False for who is in the chat already.

    The newcomer hears of the chat before the chat hears of the newcomer: no event can
    reach a session that does not know the chat. What `chat.joined` shows is the chat just
    before the joining, so the joining is the first event to apply to it.
    """
    head = log.lock(tx, arrival.chat_id)
    if members.find_current(tx, arrival.chat_id, arrival.user_id) is not None:
        return False
    _let_in(tx, arrival, head)
    chat = present_one(tx, arrival.user_id, arrival.chat_id)
    user_log.append(tx, arrival.user_id, lambda useq: ChatJoined(useq=useq, data=chat))
    newcomer = MemberChange(user_id=arrival.user_id, role=arrival.role)
    change = log.Change(chat_id=arrival.chat_id, actor_id=arrival.by, data=newcomer)
    log.record(tx, change, MemberJoined)
    chats.count_members(tx, arrival.chat_id, 1)
    return True


def _add(tx: Transaction, actor: Member, user_id: UserId, role: ChatRole) -> MemberEntry:
    if user_id not in many.active(tx, [user_id]):
        raise NotFound("There is no such person.")
    blocking.require_may_gather(tx, actor.user_id, [user_id])
    admit(tx, Arrival(chat_id=actor.chat_id, user_id=user_id, role=role, by=actor.user_id))
    return MemberEntry(user_id=user_id, role=role, joined_at=rfc3339(tx.now))


def _let_in(tx: Transaction, arrival: Arrival, head: log.Position) -> None:
    row = {
        "chat_id": arrival.chat_id,
        "user_id": arrival.user_id,
        "role": arrival.role,
        "joined_seq": head.seq,
        "joined_at": tx.now,
    }
    if members.find(tx, arrival.chat_id, arrival.user_id) is None:
        members.add(tx, [row])
    else:
        members.come_back(tx, row)
    # What was said before somebody came is not unread to them.
    own = {
        "user_id": arrival.user_id,
        "chat_id": arrival.chat_id,
        "read_n": head.n,
        "joined_seq": head.seq,
    }
    user_chats.add(tx, [own])


def _keep_an_owner(tx: Transaction, chat_id: ChatId, role: ChatRole) -> None:
    if role == "owner" and members.count_owners(tx, chat_id) == 1:
        raise Conflict("The last owner cannot go: hand the chat over first, or delete it.")


def _log(
    tx: Transaction,
    actor: Member,
    kind: type[MemberLeft] | type[MemberRole],
    data: MemberChange,
) -> Seq:
    change = log.Change(chat_id=actor.chat_id, actor_id=actor.user_id, data=data)
    return log.record(tx, change, kind)
