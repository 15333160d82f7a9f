"""What others ask about chats: whose they are, how far they are, who sees whom."""

from collections import Counter
from collections.abc import Collection, Mapping

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.chats import ChatSettings, Level
from uptc_messenger.models.frames import DigestEntry, Head
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.chats.repository import chats, log, members, user_chats


def chat_ids(reader: Reader, user_id: UserId) -> list[ChatId]:
    """Every chat that the user is in."""
    return list(user_chats.marks(reader, user_id))


def memberships(reader: Reader, user_id: UserId) -> dict[ChatId, Seq]:
    """Every chat that the user is in, each with the position after which the user came."""
    return user_chats.memberships(reader, user_id)


def wide(reader: Reader, chat_ids: Collection[ChatId]) -> list[ChatId]:
    """Those of the chats that have a route of their own between nodes."""
    return chats.wide(reader, chat_ids)


def roster(reader: Reader, chat_id: ChatId) -> tuple[Seq, list[UserId]]:
    """Who is in the chat, and the position of the last change of that."""
    return chats.roster_seq(reader, chat_id), members.ids(reader, chat_id)


def changed_since(reader: Reader, since: Millis) -> set[ChatId]:
    """Chats with changes other than messages that were stamped after an instant."""
    return log.changed_since(reader, since)


def settings(reader: Reader, chat_id: ChatId) -> ChatSettings | None:
    """How the chat is set; None where there is none."""
    row = chats.full(reader, [chat_id]).get(chat_id)
    return None if row is None else read_stored(row.settings, ChatSettings)


def heads(reader: Reader, chat_ids: Collection[ChatId]) -> list[Head]:
    """How far each of these chats has come; absent are those that do not exist."""
    rows = chats.heads(reader, chat_ids)
    return [Head(chat_id=row.id, seq=row.last_seq, n=row.last_n) for row in rows]


class AnyHead(Record, frozen=True):
    """How far a chat has come that may be deleted."""

    chat_id: ChatId
    seq: Seq
    deleted: bool


def every_head(reader: Reader, after: ChatId | None, limit: int) -> list[AnyHead]:
    """The next chats of all there are, in the order of their ids."""
    rows = chats.every(reader, after, limit)
    return [AnyHead(chat_id=row.id, seq=row.last_seq, deleted=row.deleted) for row in rows]


def member_ids(reader: Reader, chat_id: ChatId) -> list[UserId]:
    """Everybody who is in the chat now."""
    return members.ids(reader, chat_id)


def some_member_ids(
    reader: Reader, chat_id: ChatId, after: UserId | None, limit: int
) -> list[UserId]:
    """The next members in the order of their ids."""
    return [row.user_id for row in members.page(reader, chat_id, after, limit)]


class Own(Record, frozen=True):
    """How one person has a chat: how far read, how loud."""

    read_n: int
    level: Level
    muted_until: Millis | None
    archived: bool


def owned(reader: Reader, chat_id: ChatId, user_ids: Collection[UserId]) -> dict[UserId, Own]:
    """How these people have a chat that they are in."""
    return {row.user_id: _own(row) for row in user_chats.of_chat(reader, chat_id, user_ids)}


def read_marks(
    reader: Reader, places: Collection[tuple[UserId, ChatId]]
) -> dict[tuple[UserId, ChatId], int]:
    """Up to which `n` these people have read these chats; absent is who is not in it."""
    return user_chats.read_n(reader, places)


class Called(Record, frozen=True):
    """What a chat is called, as far as the chat itself says; `title` is None of a direct one."""

    title: str | None


def called(reader: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, Called]:
    """What these chats are called that exist."""
    rows = chats.full(reader, chat_ids)
    return {row.id: Called(title=row.title) for row in rows.values()}


def digest(reader: Reader, user_id: UserId, since: Millis | None) -> list[DigestEntry]:
    """Where the user's chats stand that were active after `since` (None: all), newest first."""
    marks = user_chats.marks(reader, user_id)
    rows = sorted(chats.heads(reader, marks, since), key=lambda row: -row.updated_at)
    unread = {row.id: marks[row.id] for row in rows if row.last_n > marks[row.id]}
    calls = unread_mentions(reader, user_id, unread)
    return [
        DigestEntry(
            chat_id=row.id,
            seq=row.last_seq,
            n=row.last_n,
            read_n=marks[row.id],
            mentions=calls.get(row.id, 0),
        )
        for row in rows
    ]


def unread_mentions(
    reader: Reader, user_id: UserId, unread: Mapping[ChatId, int]
) -> dict[ChatId, int]:
    """How many unread messages call the user, by name or with everybody; none is absent.

    `unread` has the chats with something unread, each with the `n` that is read.
    """
    if not unread:
        return {}
    # One message may call by name and with everybody: it counts once. A message's seq is
    # never below its n, so looking beyond the lowest mark leaves nothing out.
    called = {(row.chat_id, row.n) for row in user_chats.unread_calls(reader, user_id, unread)}
    for row in chats.calls_to_all(reader, unread, min(unread.values())):
        if row.n > unread[row.chat_id]:
            called.add((row.chat_id, row.n))
    return Counter(chat_id for chat_id, _ in called)


def unread_calls(
    reader: Reader, user_id: UserId, chat_id: ChatId, read_n: int, before: Seq
) -> list[Seq]:
    """The positions before one of unread messages that call the user, by name or with all."""
    rows = [
        *user_chats.unread_calls(reader, user_id, [chat_id]),
        *chats.calls_to_all(reader, [chat_id], read_n),
    ]
    return sorted({row.seq for row in rows if row.seq < before and row.n > read_n})


def share_a_chat(reader: Reader, viewer_id: UserId, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of the users whom the viewer may see present: who is in a chat with the viewer."""
    found = {viewer_id} & set(user_ids)
    if others := set(user_ids) - found:
        found |= members.among(reader, user_chats.marks(reader, viewer_id), others)
    return found


def _own(row: Row) -> Own:
    return Own(
        read_n=row.read_n,
        level=row.level,
        muted_until=row.muted_until,
        archived=bool(row.archived),
    )
