"""The log of a user: what is one's own, in one order on every device."""

from collections.abc import Callable, Collection
from typing import Any, Final

import msgspec

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Millis, Seq, UserId
from uptc_messenger.models.chats import Chat
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import (
    BlockUpdate,
    BlockUpdated,
    ChatJoined,
    ChatLeft,
    ChatRef,
    DraftUpdate,
    DraftUpdated,
    LevelUpdate,
    LevelUpdated,
    MentionAt,
    Mentioned,
    Nothing,
    NotificationsUpdated,
    OwnUnknown,
    ReadUpdate,
    ReadUpdated,
    ScheduledUpdated,
    SessionEnd,
    SessionEnded,
    SettingsUpdated,
    ToUser,
    UserEvent,
)
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.models.scheduled import ScheduledUpdate
from uptc_messenger.models.stored import read_stored
from uptc_messenger.models.users import User
from uptc_messenger.services.users import repository

_KINDS: Final[dict[str, tuple[type[Any], type[Any]]]] = {
    "chat.joined": (ChatJoined, Chat),
    "chat.left": (ChatLeft, ChatRef),
    "read.updated": (ReadUpdated, ReadUpdate),
    "mention": (Mentioned, MentionAt),
    "session.ended": (SessionEnded, SessionEnd),
    "settings.updated": (SettingsUpdated, User),
    "block.updated": (BlockUpdated, BlockUpdate),
    "level.updated": (LevelUpdated, LevelUpdate),
    "draft.updated": (DraftUpdated, DraftUpdate),
    "notifications.updated": (NotificationsUpdated, NotificationSettings),
    "scheduled.updated": (ScheduledUpdated, ScheduledUpdate),
}
_UNKNOWN: Final = (OwnUnknown, Nothing)


def append(tx: Transaction, user_id: UserId, build: Callable[[Seq], UserEvent]) -> UserEvent:
    """Give the event that `build` makes the user's next `useq`, store it, announce it."""
    useq = repository.next_useq(tx, user_id)
    if useq is None:
        raise NotFound("There is no such person.")
    event = build(useq)
    repository.append_to_log(
        tx,
        {
            "user_id": user_id,
            "useq": useq,
            "kind": type(event).__struct_config__.tag,
            "data": event.data,
            "created_at": tx.now,
        },
    )
    tx.emit(ToUser(user_id=user_id, event=event))
    return event


def rewrite(tx: Transaction, user_id: UserId, useq: Seq, data: DraftUpdate) -> None:
    """Replace what an entry says that a later one has made void: it keeps its position."""
    repository.rewrite_log(tx, user_id, useq, data)


def head(reader: Reader, user_id: UserId) -> Seq:
    """The newest `useq` of a user; 0 before the first."""
    return repository.useq(reader, user_id)


def heads(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, Seq]:
    """The newest `useq` of each of these users."""
    return repository.useqs(reader, user_ids)


def changed_since(reader: Reader, since: Millis) -> dict[UserId, Seq]:
    """The newest `useq` of each user whose own log changed after an instant."""
    return repository.log_changed_since(reader, since)


def after(reader: Reader, user_id: UserId, useq: Seq, limit: int) -> list[UserEvent]:
    """Up to `limit` entries after a position, oldest first."""
    return [_event(row) for row in repository.log_after(reader, user_id, useq, limit)]


def _event(row: Any) -> UserEvent:  # noqa: ANN401 - a row of the repository
    # While nodes are replaced one by one, a newer one may have written it.
    event, data = _KINDS.get(row.kind, _UNKNOWN)
    try:
        return event(useq=row.useq, data=read_stored(row.data, data))
    except msgspec.ValidationError:
        return OwnUnknown(useq=row.useq, data=Nothing())
