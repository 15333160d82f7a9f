"""Changing a chat itself: what it is called, how it is set, and its end.

Every actor here is proved under the chat's lock (`access.hold`).
"""

import msgspec
from msgspec import UNSET

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import FileId, Record, Seq, UserId
from uptc_messenger.models.chats import ChatChange, ChatSettings, Member, SettingsChange
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import (
    ChatDeleted,
    ChatLeft,
    ChatRef,
    ChatUpdate,
    ChatUpdated,
    Nothing,
)
from uptc_messenger.services.chats import access, log, naming
from uptc_messenger.services.chats.repository import chats, members, user_chats
from uptc_messenger.services.files import holding
from uptc_messenger.services.users import many


class _Look(Record, frozen=True):
    """What may be changed of a chat; a direct one, which has no title, has no admins."""

    title: str
    topic: str
    settings: ChatSettings
    picture_file_id: FileId | None


def update(tx: Transaction, actor: Member, wanted: ChatChange) -> bool:
    """Change title, topic or settings; False where nothing changes, which takes no `seq`."""
    access.require_admin(actor)
    before = _look(tx, actor)
    after = _wanted(before, wanted)
    changes = {
        name: value
        for name in _Look.__struct_fields__
        if (value := getattr(after, name)) != getattr(before, name)
    }
    if not changes:
        return False
    if "picture_file_id" in changes:
        pictures = (before.picture_file_id, after.picture_file_id)
        holding.change_picture(tx, actor.user_id, actor.chat_id, pictures)
    chats.update(tx, actor.chat_id, msgspec.structs.asdict(after))
    _log(tx, actor, ChatUpdated, ChatUpdate(**changes))
    return True


def delete(tx: Transaction, actor: Member) -> None:
    """End the chat for everybody; its id is never used again."""
    access.require_owner(actor)
    everybody = members.ids(tx, actor.chat_id)
    holding.change_picture(tx, actor.user_id, actor.chat_id, (_picture(tx, actor), None))
    seq = _log(tx, actor, ChatDeleted, Nothing())
    chats.delete(tx, actor.chat_id)
    members.leave_all(tx, actor.chat_id, seq)
    user_chats.remove(tx, everybody, actor.chat_id)
    gone = ChatRef(chat_id=actor.chat_id)

    def left(user_id: UserId, useq: Seq) -> ChatLeft:
        del user_id
        return ChatLeft(useq=useq, data=gone)

    many.tell(tx, everybody, left)


def _look(tx: Transaction, actor: Member) -> _Look:
    row = chats.full(tx, [actor.chat_id]).get(actor.chat_id)
    if row is None:
        raise NotFound
    return _Look(
        title=row.title,
        topic=row.topic,
        settings=actor.settings,
        picture_file_id=row.picture_file_id,
    )


def _picture(tx: Transaction, actor: Member) -> FileId | None:
    row = chats.full(tx, [actor.chat_id]).get(actor.chat_id)
    return None if row is None else row.picture_file_id


def _wanted(before: _Look, wanted: ChatChange) -> _Look:
    return _Look(
        title=before.title if wanted.title is UNSET else naming.title(wanted.title),
        topic=before.topic if wanted.topic is UNSET else naming.topic(wanted.topic),
        settings=_settings(before.settings, wanted.settings or SettingsChange()),
        picture_file_id=before.picture_file_id
        if wanted.picture_file_id is UNSET
        else wanted.picture_file_id,
    )


def _settings(before: ChatSettings, wanted: SettingsChange) -> ChatSettings:
    given = {
        name: value
        for name in SettingsChange.__struct_fields__
        if (value := getattr(wanted, name)) is not UNSET
    }
    return msgspec.structs.replace(before, **given)


def _log(
    tx: Transaction,
    actor: Member,
    kind: type[ChatUpdated] | type[ChatDeleted],
    data: ChatUpdate | Nothing,
) -> Seq:
    change = log.Change(chat_id=actor.chat_id, actor_id=actor.user_id, data=data)
    return log.record(tx, change, kind)
