"""What a message said before it was edited."""

from typing import Any

from uptc_messenger.database import Reader
from uptc_messenger.models.base import MessageId, Millis
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.messages import Body, Revision
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.toolkit.clock import rfc3339


def page(
    reader: Reader, member: Member, message_id: MessageId, before: int | None, limit: int
) -> tuple[list[Revision], int | None]:
    """The texts of a message, newest first, and the last of them if more follow.

    The first of all is what it says now. A deleted message has none. Raises `NotFound`.
    """
    row = reading.by_id(reader, member.chat_id, message_id)
    if row is None or row.seq <= member.visible_after:
        raise NotFound("There is no such message.")
    if row.deleted:
        return [], None
    found: list[Revision] = []
    if before is None:
        found.append(_revision(row.revision, row.body, row.edited_at or row.created_at))
    older = reading.revisions_of(
        reader, member.chat_id, row.seq, before or row.revision, limit + 1 - len(found)
    )
    found += [_revision(old.revision, old.body, old.written_at) for old in older]
    return found[:limit], found[limit - 1].revision if len(found) > limit else None


def _revision(number: int, body: dict[str, Any], since: Millis) -> Revision:
    return Revision(revision=number, body=Body(text=body["text"]), written_at=rfc3339(since))
