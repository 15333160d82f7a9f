"""Changing what was posted: edits, deletions and reactions, each one entry of the log.

Every member here is proved under the chat's lock (`access.hold`).
"""

import hashlib
from collections.abc import Callable
from typing import Any, Final

import msgspec

from uptc_messenger.database import Row, Transaction
from uptc_messenger.models.base import ChangeId, MessageId, Record, Seq
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import (
    Conflict,
    Forbidden,
    IdConflict,
    NotFound,
    TooLarge,
)
from uptc_messenger.models.events import (
    ChatEvent,
    MessageDeleted,
    MessageEdited,
    MessagePreviewed,
    ReactionChange,
    ReactionChanged,
)
from uptc_messenger.models.messages import (
    Body,
    Changed,
    Message,
    MessageEdit,
    require_content,
)
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.messages import attachments, mentions, previews
from uptc_messenger.services.messages.emoji import canonical
from uptc_messenger.services.messages.presentation import present_to_all
from uptc_messenger.services.messages.repository import changing as repository
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.toolkit.clock import rfc3339

_DIGEST_BYTES: Final = 16
MAX_EMOJIS: Final = 20
"""Different reactions to one message."""


class _Edit(Record, frozen=True):
    """What a retry of an edit is compared with; the text itself is in the message."""

    text: str


def edit(tx: Transaction, member: Member, message_id: MessageId, wanted: MessageEdit) -> Changed:
    """Replace the text of one's own message.

    A retry of the `change_id` gets the first answer; a `base_revision` that is no longer
    the newest raises `Conflict`; the same text again takes no position.
    """
    row = locked(tx, member, message_id)
    change = _change(member, row, wanted.change_id, _Edit(text=_digest(wanted.body)))
    if (again := _repeated(tx, row, change, MessageEdited)) is not None:
        return again
    _require_editable(member, row, wanted)
    if row.body["text"] == wanted.body.text:
        return Changed(revision=row.revision, duplicate=True)
    _rewrite(tx, member, row, wanted)
    event = tell(tx, member, change, MessageEdited)
    return Changed(seq=event.seq, revision=row.revision + 1)


def delete(tx: Transaction, member: Member, message_id: MessageId, change_id: ChangeId) -> Changed:
    """Delete for everyone: the author may, and whoever administers the chat.

    What stays is a tombstone at its place; earlier texts, reactions, files and the pin are gone.
    """
    row = locked(tx, member, message_id)
    change = _change(member, row, change_id, None)
    if (again := _repeated(tx, row, change, MessageDeleted)) is not None:
        return again
    if row.sender_id != member.user_id and not _administers(member):
        raise Forbidden("Only its author or an administrator may delete a message.")
    if row.deleted:
        return Changed(revision=row.revision, duplicate=True)
    repository.forget(tx, member.chat_id, row.seq)
    attachments.detach(tx, member.chat_id, row.seq)
    repository.update(tx, member.chat_id, row.seq, _tombstone(row))
    event = tell(tx, member, change, MessageDeleted)
    return Changed(seq=event.seq, revision=row.revision + 1)


def react(
    tx: Transaction, member: Member, message_id: MessageId, emoji: str, *, on: bool
) -> Changed:
    """Add or take back one's own reaction; what is so already takes no position."""
    emoji = canonical(emoji)
    if member.role == "guest":
        raise Forbidden("Guests read; they do not react.")
    access.require_unbarred(member)
    row = locked(tx, member, message_id)
    key = {"chat": member.chat_id, "at_seq": row.seq, "emoji": emoji, "user": member.user_id}
    if repository.has_reacted(tx, key) == on:
        return Changed(duplicate=True)
    if row.deleted:
        raise Conflict("This message was deleted.")
    _store_reaction(tx, member, row.seq, emoji, on=on)
    count = repository.count(tx, member.chat_id, row.seq, emoji)
    data = ReactionChange(
        message_id=message_id, emoji=emoji, user_id=member.user_id, on=on, count=count
    )
    event = chat_log.append(tx, _change(member, row, None, data), _reaction(tx, member, data))
    return Changed(seq=event.seq)


def locked(tx: Transaction, member: Member, message_id: MessageId) -> Row:
    """The message as it is and, its chat being held, stays until the commit; raises `NotFound`."""
    row = reading.by_id(tx, member.chat_id, message_id)
    if row is None or row.seq <= member.visible_after:
        raise NotFound("There is no such message.")
    return row


def _repeated(
    tx: Transaction, row: Row, change: chat_log.Change, kind: type[ChatEvent]
) -> Changed | None:
    """The first answer to a retry: the same person, message, kind of change and content."""
    made = chat_log.find_change(tx, change.chat_id, change.change_id or ChangeId(""))
    if made is None:
        return None
    before = (made.ref_seq, made.actor_id, made.kind, made.data or None)
    content = msgspec.to_builtins(change.data)
    if before != (change.ref_seq, change.actor_id, kind.__struct_config__.tag, content):
        raise IdConflict("This change_id was already used for another change.")
    return Changed(seq=made.seq, revision=row.revision, duplicate=True)


def _require_editable(member: Member, row: Row, wanted: MessageEdit) -> None:
    if row.sender_id != member.user_id:
        raise Forbidden("Only its author may edit a message.")
    if row.origin is not None:
        raise Forbidden("What was forwarded stays as it was written.")
    if member.role == "guest":
        raise Forbidden("Guests read; they do not write.")
    access.require_unbarred(member)
    if row.deleted:
        raise Conflict("This message was deleted.")
    if wanted.base_revision is not None and wanted.base_revision != row.revision:
        raise Conflict("This message was edited meanwhile.")
    require_content(wanted.body, row.file_ids)


def _digest(body: Body) -> str:
    return hashlib.blake2b(body.text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _administers(member: Member) -> bool:
    return member.kind != "direct" and member.role in {"owner", "admin"}


def _rewrite(tx: Transaction, member: Member, row: Row, wanted: MessageEdit) -> None:
    repository.keep_revision(
        tx,
        {
            "chat_id": member.chat_id,
            "seq": row.seq,
            "revision": row.revision,
            "body": row.body,
            "written_at": row.edited_at or row.created_at,
        },
    )
    # Called again, not told again: an edit must not be a way to ring a bell twice.
    called = mentions.resolve(tx, member, wanted.body.text)
    values = {
        "body": wanted.body,
        "mentions": called.wire or None,
        "revision": row.revision + 1,
        "edited_at": tx.now,
        "deleted": False,
        "preview": previews.after_edit(tx, row, wanted.body.text),
    }
    repository.update(tx, member.chat_id, row.seq, values)


def _tombstone(row: Row) -> dict[str, Any]:
    return {
        "body": None,
        "mentions": None,
        "revision": row.revision + 1,
        "edited_at": row.edited_at,
        "deleted": True,
        "preview": None,
    }


def tell(
    tx: Transaction,
    member: Member,
    change: chat_log.Change,
    kind: type[MessageEdited | MessageDeleted | MessagePreviewed],
) -> ChatEvent:
    """Append a change of the message at `ref_seq`, which is told as it is now."""
    message = _now(tx, member, change.ref_seq or 0)

    def build(seq: Seq) -> ChatEvent:
        return kind(
            chat_id=member.chat_id,
            seq=seq,
            actor_id=member.user_id,
            at=rfc3339(tx.now),
            data=message,
        )

    return chat_log.append(tx, change, build)


def _now(tx: Transaction, member: Member, seq: Seq) -> Message:
    rows = reading.by_seqs(tx, member.chat_id, [seq])
    return present_to_all(tx, member, list(rows.values()))[0]


def _change(
    member: Member,
    row: Row,
    change_id: ChangeId | None,
    data: ReactionChange | _Edit | None,
) -> chat_log.Change:
    return chat_log.Change(
        chat_id=member.chat_id,
        actor_id=member.user_id,
        ref_seq=row.seq,
        change_id=change_id,
        data=data,
    )


def _reaction(tx: Transaction, member: Member, data: ReactionChange) -> Callable[[Seq], ChatEvent]:
    return lambda seq: ReactionChanged(
        chat_id=member.chat_id, seq=seq, actor_id=member.user_id, at=rfc3339(tx.now), data=data
    )


def _store_reaction(tx: Transaction, member: Member, seq: Seq, emoji: str, *, on: bool) -> None:
    if not on:
        repository.unreact(
            tx, {"chat": member.chat_id, "at_seq": seq, "emoji": emoji, "user": member.user_id}
        )
        return
    present = repository.emojis(tx, member.chat_id, seq)
    if emoji not in present and len(present) >= MAX_EMOJIS:
        raise TooLarge(f"A message has at most {MAX_EMOJIS} different reactions.")
    repository.react(
        tx,
        {
            "chat_id": member.chat_id,
            "seq": seq,
            "emoji": emoji,
            "user_id": member.user_id,
            "created_at": tx.now,
        },
    )
