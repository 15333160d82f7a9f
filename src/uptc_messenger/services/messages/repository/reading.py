"""The SQL of reading: pages, single messages, what hangs on them."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader
from uptc_messenger.database.lookups import DIALECTS, in_pairs, slices
from uptc_messenger.database.schema import chats, messages, reactions, revisions
from uptc_messenger.models.base import ChatId, MessageId, Millis, Seq, UserId

Rows = Sequence[sa.Row[Any]]
_CHAT: Final = messages.c.chat_id == sa.bindparam("chat")
_BY_ID: Final = sa.select(messages).where(_CHAT, messages.c.id == sa.bindparam("id"))
_BY_SEQ: Final = sa.select(messages).where(
    _CHAT, messages.c.seq.in_(sa.bindparam("seqs", expanding=True))
)
_BY_IDS: Final = {
    dialect: sa.select(messages).where(in_pairs(dialect, messages.c.chat_id, messages.c.id))
    for dialect in DIALECTS
}
_BY_PLACES: Final = {
    dialect: sa.select(messages).where(in_pairs(dialect, messages.c.chat_id, messages.c.seq))
    for dialect in DIALECTS
}
_RANGE: Final = (
    sa.select(messages)
    .where(_CHAT, messages.c.seq > sa.bindparam("after"), messages.c.seq < sa.bindparam("before"))
    .limit(sa.bindparam("limit"))
)
_FORWARD: Final = _RANGE.order_by(messages.c.seq)
_BACKWARD: Final = _RANGE.order_by(messages.c.seq.desc())
_REACTIONS: Final = {
    dialect: sa.select(
        reactions.c.chat_id,
        reactions.c.seq,
        reactions.c.emoji,
        sa.func.count().label("total"),
        sa.func.max(sa.case((reactions.c.user_id == sa.bindparam("viewer"), 1), else_=0)).label(
            "mine"
        ),
    )
    .where(in_pairs(dialect, reactions.c.chat_id, reactions.c.seq))
    .group_by(reactions.c.chat_id, reactions.c.seq, reactions.c.emoji)
    .order_by(
        *(reactions.c.chat_id, reactions.c.seq),
        *(sa.func.min(reactions.c.created_at), reactions.c.emoji),
    )
    for dialect in DIALECTS
}
_AFTER: Final = sa.bindparam("after_emoji", type_=sa.Text)
_REACTED_BY: Final = (
    sa.select(reactions.c.emoji, reactions.c.user_id, reactions.c.created_at)
    .where(
        reactions.c.chat_id == sa.bindparam("chat"),
        reactions.c.seq == sa.bindparam("at_seq"),
        sa.or_(
            reactions.c.emoji > _AFTER,
            sa.and_(reactions.c.emoji == _AFTER, reactions.c.user_id > sa.bindparam("after_user")),
        ),
    )
    .order_by(reactions.c.emoji, reactions.c.user_id)
    .limit(sa.bindparam("limit"))
)
_REACTED_WITH: Final = _REACTED_BY.where(reactions.c.emoji == sa.bindparam("only"))
_HEAD: Final = sa.select(
    chats.c.last_seq, chats.c.last_n, chats.c.floor_seq, chats.c.member_count
).where(chats.c.id == sa.bindparam("chat"))
_REVISIONS: Final = (
    sa.select(revisions.c.revision, revisions.c.body, revisions.c.written_at)
    .where(
        revisions.c.chat_id == sa.bindparam("chat"),
        revisions.c.seq == sa.bindparam("at_seq"),
        revisions.c.revision < sa.bindparam("before"),
    )
    .order_by(revisions.c.revision.desc())
    .limit(sa.bindparam("limit"))
)
_CHANGED: Final = (
    sa.select(messages.c.chat_id)
    .distinct()
    .where(messages.c.created_at > sa.bindparam("since", type_=sa.BigInteger))
)
_other = messages.alias("newest")
# From the chats outwards: each costs two look-ups in the key, however long its history.
_NEWEST: Final = (
    sa.select(messages)
    .select_from(chats)
    .join(
        messages,
        sa.and_(
            messages.c.chat_id == chats.c.id,
            messages.c.seq
            == sa.select(sa.func.max(_other.c.seq))
            .where(_other.c.chat_id == chats.c.id)
            .correlate(chats)
            .scalar_subquery(),
        ),
    )
    .where(chats.c.id.in_(sa.bindparam("chats", expanding=True)))
)


def by_id(reader: Reader, chat_id: ChatId, message_id: MessageId) -> sa.Row[Any] | None:
    return reader.first(_BY_ID, {"chat": chat_id, "id": message_id})


def by_seqs(reader: Reader, chat_id: ChatId, seqs: Collection[Seq]) -> dict[Seq, sa.Row[Any]]:
    if not seqs:
        return {}
    return {row.seq: row for row in reader.all(_BY_SEQ, {"chat": chat_id, "seqs": list(seqs)})}


def by_places(reader: Reader, places: Collection[tuple[ChatId, Seq]]) -> Rows:
    """The messages at these positions of any chats."""
    query = _BY_PLACES[reader.dialect]
    return [row for part in slices(places) for row in reader.all(query, _pairs(part))]


def by_ids(reader: Reader, ids: Collection[tuple[ChatId, MessageId]]) -> Rows:
    """The messages of any chats that have these ids."""
    query = _BY_IDS[reader.dialect]
    return [row for part in slices(ids) for row in reader.all(query, _pairs(part))]


def _pairs(places: Sequence[tuple[ChatId, Seq | MessageId]]) -> dict[str, Any]:
    firsts, seconds = zip(*places, strict=True)
    return {"pairs": places, "firsts": list(firsts), "seconds": list(seconds)}


def forward(reader: Reader, chat_id: ChatId, after: Seq, before: Seq, limit: int) -> Rows:
    """The oldest `limit` messages in (after, before), oldest first."""
    return reader.all(_FORWARD, {"chat": chat_id, "after": after, "before": before, "limit": limit})


def backward(reader: Reader, chat_id: ChatId, after: Seq, before: Seq, limit: int) -> Rows:
    """The newest `limit` messages in (after, before), newest first."""
    return reader.all(
        _BACKWARD, {"chat": chat_id, "after": after, "before": before, "limit": limit}
    )


def reactions_of(
    reader: Reader, places: Collection[tuple[ChatId, Seq]], viewer: UserId
) -> Iterator[sa.Row[Any]]:
    """(chat_id, seq, emoji, total, mine), of each place in the order in which each emoji came."""
    query = _REACTIONS[reader.dialect]
    for part in slices(places):
        yield from reader.all(query, {**_pairs(part), "viewer": viewer})


def reacted_by(reader: Reader, at: dict[str, Any], emoji: str | None) -> Rows:
    """(emoji, user_id, created_at) as they stand in the key, with one emoji or any.

    `at` holds chat, at_seq, after_emoji, after_user and limit.
    """
    if emoji is None:
        return reader.all(_REACTED_BY, at)
    return reader.all(_REACTED_WITH, {**at, "only": emoji})


def head(reader: Reader, chat_id: ChatId) -> sa.Row[Any] | None:
    """(last_seq, last_n, floor_seq, member_count)."""
    return reader.first(_HEAD, {"chat": chat_id})


def revisions_of(reader: Reader, chat_id: ChatId, seq: Seq, before: int, limit: int) -> Rows:
    """(revision, body, written_at) of what a message said before its edits, newest first."""
    return reader.all(
        _REVISIONS, {"chat": chat_id, "at_seq": seq, "before": before, "limit": limit}
    )


def changed_since(reader: Reader, since: Millis) -> set[ChatId]:
    """The chats of messages that were stamped after an instant."""
    return {row.chat_id for row in reader.all(_CHANGED, {"since": since})}


def newest_of(reader: Reader, chat_ids: Sequence[ChatId]) -> Rows:
    """The last message of each chat that has one."""
    return reader.all(_NEWEST, {"chats": chat_ids})
