"""Sending: each message once, in the one order of its chat."""

import hashlib
from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, UnsetType

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChatId, FileId, MessageId, Record, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import IdConflict, NotFound, Problem
from uptc_messenger.models.events import MessageNew, ToChat
from uptc_messenger.models.messages import Body, Message, Quote, Sent
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.messages import mentions
from uptc_messenger.services.messages.presentation import quote_of
from uptc_messenger.services.messages.repository import posting as repository
from uptc_messenger.services.messages.repository.posting import Key, Posted, Quotable
from uptc_messenger.toolkit.clock import rfc3339


class Post(Record, frozen=True):
    """A message to send: who, where, under which id, what."""

    author_id: UserId
    chat_id: ChatId
    message_id: MessageId
    body: Body
    reply_to: MessageId | None = None
    file_ids: tuple[FileId, ...] = ()

    @property
    def key(self) -> Key:
        """What makes a retry the same message."""
        return self.chat_id, self.message_id

    @property
    def digest(self) -> bytes:
        """16 bytes that differ where the content does (BLAKE2b, RFC 7693)."""
        content = "\0".join((self.body.text, self.reply_to or "", *self.file_ids))
        return hashlib.blake2b(content.encode(), digest_size=16).digest()


class _Batch:
    """The state of the chats that a batch of posts touches, held under their locks."""

    def __init__(self, tx: Transaction, posts: Sequence[Post]) -> None:
        self.tx = tx
        # The locks come first: what is read after them no other node can change.
        self.heads = chat_log.lock_all(tx, {post.chat_id for post in posts})
        self.members = access.find_members(tx, {(p.author_id, p.chat_id) for p in posts})
        keys = {post.key for post in posts}
        self.posted = repository.posted(tx, keys)
        replied = {(post.chat_id, post.reply_to) for post in posts if post.reply_to}
        self.quoted = repository.quoted(tx, replied)
        self.rows: list[dict[str, Any]] = []
        self.read: dict[tuple[UserId, ChatId], int] = {}


def post(tx: Transaction, posts: Sequence[Post]) -> list[Sent | Problem]:
    """Append each message once; a retry of the same `message_id` gets the first answer.

    The number of statements does not depend on members, on history, or on the number of
    posts, but for people mentioned. A refused post changes nothing and takes no position.
    """
    batch = _Batch(tx, posts)
    outcomes = [_outcome(batch, item) for item in posts]
    if batch.rows:
        repository.insert(tx, batch.rows)
        chat_log.advance(tx, list(batch.heads.values()))
        repository.mark_read(tx, [(*key, n) for key, n in batch.read.items()])
    return outcomes


def written(
    item: Post, sent: Sent, called: Sequence[str] = (), quote: Quote | UnsetType = UNSET
) -> Message:
    """The message as it is stored; who was `called` and the quote go to whoever reads the chat."""
    return Message(
        chat_id=item.chat_id,
        seq=sent.seq,
        n=sent.n,
        message_id=item.message_id,
        sender_id=item.author_id,
        kind="text",
        body=item.body,
        created_at=sent.created_at,
        revision=1,
        deleted=False,
        file_ids=list(item.file_ids),
        mentions=list(called),
        reactions=[],
        reply_to=quote,
    )


def _outcome(batch: _Batch, item: Post) -> Sent | Problem:
    try:
        return _post_one(batch, item)
    except Problem as problem:
        return problem


def _post_one(batch: _Batch, item: Post) -> Sent:
    member = batch.members.get((item.author_id, item.chat_id))
    if member is None or item.chat_id not in batch.heads:
        raise NotFound
    if (already := batch.posted.get(item.key)) is not None:
        return _again(item, already)
    access.require_poster(member)
    if item.file_ids:
        raise NotFound("There is no such file.")
    return _append(batch, member, item)


def _again(item: Post, already: Posted) -> Sent:
    if already.sender_id != item.author_id or already.digest != item.digest:
        raise IdConflict("This message_id was already used for another message.")
    return Sent(
        seq=already.seq, n=already.n, created_at=rfc3339(already.created_at), duplicate=True
    )


def _append(batch: _Batch, member: Member, item: Post) -> Sent:
    reply_seq, quote = _quote(batch, member, item)
    head = batch.heads[item.chat_id].next_message()
    called = mentions.resolve(batch.tx, member, item.body.text)
    sent = Sent(seq=head.seq, n=head.n, created_at=rfc3339(batch.tx.now), duplicate=False)
    message = written(item, sent, called.wire, quote)
    batch.heads[item.chat_id] = head
    batch.read[item.author_id, item.chat_id] = head.n
    batch.rows.append(_row(batch.tx, item, head, called.wire, reply_seq))
    _remember(batch, item, head, batch.rows[-1]["digest"])
    batch.tx.emit(ToChat(event=_event(message), n=head.n, audience=head.audience))
    mentions.record(batch.tx, member, called, head)
    return sent


def _remember(batch: _Batch, item: Post, head: chat_log.Position, digest: bytes) -> None:
    """What comes later in the same batch may retry this message, or reply to it."""
    batch.posted[item.key] = Posted(
        chat_id=item.chat_id,
        id=item.message_id,
        seq=head.seq,
        n=head.n,
        sender_id=item.author_id,
        created_at=batch.tx.now,
        digest=digest,
    )
    batch.quoted[item.key] = Quotable(
        chat_id=item.chat_id,
        id=item.message_id,
        seq=head.seq,
        sender_id=item.author_id,
        body={"text": item.body.text},
    )


def _quote(batch: _Batch, member: Member, item: Post) -> tuple[int | None, Quote | UnsetType]:
    if item.reply_to is None:
        return None, UNSET
    row = batch.quoted.get((item.chat_id, item.reply_to))
    if row is None or row.seq <= member.visible_after:
        raise NotFound("The message replied to is not in this chat.")
    return row.seq, quote_of(row, shown=member.settings.history == "all")


def _event(message: Message) -> MessageNew:
    return MessageNew(
        chat_id=message.chat_id,
        seq=message.seq,
        n=message.n,
        actor_id=message.sender_id,
        at=message.created_at,
        data=message,
    )


def _row(
    tx: Transaction,
    item: Post,
    head: chat_log.Position,
    called: list[str],
    reply_seq: int | None,
) -> dict[str, Any]:
    return {
        "chat_id": item.chat_id,
        "seq": head.seq,
        "n": head.n,
        "id": item.message_id,
        "sender_id": item.author_id,
        "kind": "text",
        "body": item.body,
        "mentions": called or None,
        "file_ids": list(item.file_ids) or None,
        "reply_seq": reply_seq,
        "created_at": tx.now,
        "digest": item.digest,
    }
