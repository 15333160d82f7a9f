"""Whether a message is to be told to a person: one rule, when it is said and when it is sent."""

from collections.abc import Collection, Iterable
from typing import assert_never

from uptc_messenger.database import Reader
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.messages import ALL
from uptc_messenger.models.notifications import DefaultLevel, NotificationSettings
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.service import Own
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import keywords, preferences
from uptc_messenger.services.users import blocks


class Listener(Record, frozen=True):
    """A member of a chat, and what decides of what is said there they hear."""

    user_id: UserId
    settings: NotificationSettings
    own: Own
    direct: bool
    visible_after: Seq
    blocked: frozenset[UserId]


def listeners(
    reader: Reader, chat_id: ChatId, user_ids: Collection[UserId], senders: Collection[UserId]
) -> dict[UserId, Listener]:
    """Those of these people who are in the chat now; a few statements, however many they are."""
    members = access.find_members(reader, [(user, chat_id) for user in user_ids])
    own = chats.owned(reader, chat_id, user_ids)
    settings = preferences.of_all(reader, user_ids)
    blocking = {one: blocks.blocking(reader, one, user_ids) for one in set(senders)}
    return {
        user: Listener(
            user_id=user,
            settings=settings.get(user, preferences.NOTHING_SAID),
            own=own[user],
            direct=member.kind == "direct",
            visible_after=member.visible_after,
            blocked=frozenset(sender for sender, by in blocking.items() if user in by),
        )
        for (user, _), member in members.items()
        if user in own
    }


def wanted(listener: Listener, news: Iterable[News], now: Millis) -> list[News]:
    """What of this is to be told to this person."""
    return [one for one in news if wants(listener, one, now)]


def wants(listener: Listener, news: News, now: Millis) -> bool:
    """Whether it is unread, from somebody else whom they hear, and loud enough."""
    own = listener.own
    if news.sender_id == listener.user_id or news.sender_id in listener.blocked:
        return False
    if news.n <= own.read_n or news.seq <= listener.visible_after:
        return False
    if own.archived or (own.muted_until is not None and own.muted_until > now):
        return False
    return _is_loud(listener, news)


def is_call(listener: Listener, news: News) -> bool:
    """Whether it is said to this person rather than to everybody."""
    return listener.direct or listener.user_id in news.called or ALL in news.called


def level_of(own: Own, settings: NotificationSettings) -> DefaultLevel:
    """The level of a chat: its own, else the one that holds everywhere."""
    return settings.level if own.level == "default" else own.level


def _is_loud(listener: Listener, news: News) -> bool:
    level = level_of(listener.own, listener.settings)
    match level:
        case "all":
            return True
        case "none":
            return False
        case "mentions":
            # Somebody who wants mentions everywhere is meant by what is said to nobody else.
            meant = listener.direct and listener.own.level == "default"
            called = listener.user_id in news.called or ALL in news.called
            return meant or called or keywords.said(listener.settings.keywords, news.text)
        case _:
            assert_never(level)
