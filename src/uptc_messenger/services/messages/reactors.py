"""Who reacted to a message."""

from dataclasses import dataclass
from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.models.base import MessageId, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.messages import ReactionEntry
from uptc_messenger.services.messages.emoji import canonical
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.toolkit.clock import rfc3339

Place = tuple[str, UserId]
"""Where a page ended: at an emoji, and the last person named for it."""

BEGINNING: Final[Place] = ("", UserId("00000000-0000-0000-0000-000000000000"))


@dataclass(frozen=True)
class Wanted:
    """One emoji or all, what comes after a place, and how many at most."""

    emoji: str | None = None
    after: Place = BEGINNING
    limit: int = 50


def page(
    reader: Reader, member: Member, message_id: MessageId, wanted: Wanted
) -> tuple[list[ReactionEntry], Place | None]:
    """Who reacted, those with one emoji together, and where the page ends if more follow.

    Whoever may read the message may see it. Raises `NotFound`, and `BadRequest` for what is no
    emoji.
    """
    row = reading.by_id(reader, member.chat_id, message_id)
    if row is None or row.seq <= member.visible_after:
        raise NotFound("There is no such message.")
    emoji = None if wanted.emoji is None else canonical(wanted.emoji)
    place = {"chat": member.chat_id, "at_seq": row.seq, "limit": wanted.limit + 1}
    after = dict(zip(("after_emoji", "after_user"), wanted.after, strict=True))
    rows = reading.reacted_by(reader, {**place, **after}, emoji)
    found = [
        ReactionEntry(emoji=one.emoji, user_id=one.user_id, reacted_at=rfc3339(one.created_at))
        for one in rows[: wanted.limit]
    ]
    more = len(rows) > wanted.limit
    return found, (found[-1].emoji, found[-1].user_id) if more else None
