"""Sending: each message once, in the one order of its chat."""

import hashlib
from collections.abc import Sequence
from typing import Any, assert_never

from msgspec import UNSET, UnsetType

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChatId, FileId, MessageId, Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import Conflict, IdConflict, NotFound, Problem
from uptc_messenger.models.events import MessageNew, ToChat
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import Body, Message, Quote, Sent
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.files import holding
from uptc_messenger.services.messages import attachments, forwarding, mentions
from uptc_messenger.services.messages.forwarding import Forward, Source
from uptc_messenger.services.messages.presentation import forwarded_of, quote_of
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
    scheduled: bool = False
    """Sent while its author may be away: it reads only itself for them."""

    @property
    def key(self) -> Key:
        """What makes a retry the same message."""
        return self.chat_id, self.message_id

    @property
    def digest(self) -> bytes:
        """16 bytes that differ where the content does (BLAKE2b, RFC 7693)."""
        content = "\0".join((self.body.text, self.reply_to or "", *self.file_ids))
        return hashlib.blake2b(content.encode(), digest_size=16).digest()


class _Content(Record, frozen=True):
    """What goes into the log of a message, once it may."""

    body: Body
    file_ids: tuple[FileId, ...] = ()
    files: Sequence[File] = ()
    called: mentions.Called = mentions.NOBODY
    reply_seq: Seq | None = None
    quote: Quote | UnsetType = UNSET
    origin: dict[str, Any] | None = None
    scheduled: bool = False


class _Batch:
    """The state of the chats that a batch of posts touches, held under their locks."""

    def __init__(self, tx: Transaction, posts: Sequence[Post | Forward]) -> None:
        self.tx = tx
        written = (post for post in posts if isinstance(post, Post))
        replied = {(post.chat_id, post.reply_to) for post in written if post.reply_to}
        asked = repository.asked({post.key for post in posts}, replied)
        # The locks come first: what is read under them no other node can change.
        held = access.hold_all(tx, {(post.author_id, post.chat_id) for post in posts}, asked)
        self.heads, self.members = held.heads, held.members
        self.posted, self.quoted = repository.found(held.found)
        forwards = [post for post in posts if isinstance(post, Forward)]
        pairs = {(forward.author_id, forward.source.chat_id) for forward in forwards}
        self.members |= access.find_members(tx, pairs)
        self.sources = forwarding.sources(tx, forwards)
        self.rows: list[dict[str, Any]] = []
        wanted = {each for post in posts if isinstance(post, Post) for each in post.file_ids}
        wanted |= {each for source in self.sources.values() for each in source.file_ids}
        self.files = holding.hold(tx, wanted)
        self.attached: list[dict[str, Any]] = []
        self.read: dict[tuple[UserId, ChatId], int] = {}
        self.read_next: list[tuple[UserId, ChatId, int]] = []


def post(tx: Transaction, posts: Sequence[Post | Forward]) -> list[Sent | Problem]:
    """Append each message once; a retry of the same `message_id` gets the first answer.

    The number of statements does not depend on members, on history, or on the number of
    posts, but for people mentioned. A refused post changes nothing and takes no position.
    """
    batch = _Batch(tx, posts)
    outcomes = [_outcome(batch, item) for item in posts]
    if batch.rows:
        heads, marks = batch.heads.values(), [(*key, n) for key, n in batch.read.items()]
        repository.insert(tx, batch.rows, marks, chat_log.advancing(tx, heads))
        attachments.attach(tx, batch.attached)
    if batch.read_next:
        repository.mark_next(tx, batch.read_next)
    return outcomes


def written(item: Post, sent: Sent) -> Message:
    """What a post wrote, for an author who may no longer read it: without mentions and quote."""
    return _message(item, sent, _Content(body=item.body, file_ids=item.file_ids))


def _outcome(batch: _Batch, item: Post | Forward) -> Sent | Problem:
    try:
        return _post_one(batch, item)
    except Problem as problem:
        return problem


def _post_one(batch: _Batch, item: Post | Forward) -> Sent:
    member = batch.members.get((item.author_id, item.chat_id))
    if member is None or item.chat_id not in batch.heads:
        raise NotFound
    if (already := batch.posted.get(item.key)) is not None:
        return _again(item, already)
    access.require_poster(member)
    match item:
        case Post():
            content = _written(batch, member, item)
        case Forward():
            content = _copied(batch, item)
        case _:
            assert_never(item)
    return _append(batch, member, item, content)


def _again(item: Post | Forward, already: Posted) -> Sent:
    if already.sender_id != item.author_id or already.digest != item.digest:
        raise IdConflict("This message_id was already used for another message.")
    return Sent(
        seq=already.seq, n=already.n, created_at=rfc3339(already.created_at), duplicate=True
    )


def _written(batch: _Batch, member: Member, item: Post) -> _Content:
    reply_seq, quote = _quote(batch, member, item)
    return _Content(
        body=item.body,
        file_ids=item.file_ids,
        files=holding.require(batch.files, item.author_id, item.file_ids),
        called=mentions.resolve(batch.tx, member, item.body.text),
        reply_seq=reply_seq,
        quote=quote,
        scheduled=item.scheduled,
    )


def _copied(batch: _Batch, item: Forward) -> _Content:
    """Who is named in what is forwarded was called where it was written, and is not again."""
    source = forwarding.require_source(item, batch.members, batch.sources)
    if source.body is None:
        raise Conflict("This message was deleted.")
    files = holding.require_shown(batch.files, source.file_ids)
    return _Content(body=source.body, file_ids=source.file_ids, files=files, origin=source.first)


def _append(batch: _Batch, member: Member, item: Post | Forward, content: _Content) -> Sent:
    head = batch.heads[item.chat_id].next_message()
    sent = Sent(seq=head.seq, n=head.n, created_at=rfc3339(batch.tx.now), duplicate=False)
    message = _message(item, sent, content)
    batch.attached += attachments.rows_of(item.chat_id, head.seq, content.files)
    batch.heads[item.chat_id] = head
    # Who forwards into a chat, or is away, has not looked at it.
    if content.scheduled or isinstance(item, Forward):
        batch.read_next.append((item.author_id, item.chat_id, head.n))
    else:
        batch.read[item.author_id, item.chat_id] = head.n
    batch.rows.append(_row(batch.tx, item, head, content))
    _remember(batch, item, head, content)
    batch.tx.emit(ToChat(event=_event(message), n=head.n, audience=head.audience))
    mentions.record(batch.tx, member, content.called, head)
    return sent


def _remember(
    batch: _Batch, item: Post | Forward, head: chat_log.Position, content: _Content
) -> None:
    """What comes later in the same batch may retry this message, reply to it, or forward it."""
    batch.posted[item.key] = Posted(
        chat_id=item.chat_id,
        id=item.message_id,
        seq=head.seq,
        n=head.n,
        sender_id=item.author_id,
        created_at=batch.tx.now,
        digest=batch.rows[-1]["digest"],
    )
    batch.quoted[item.key] = Quotable(
        chat_id=item.chat_id,
        id=item.message_id,
        seq=head.seq,
        sender_id=item.author_id,
        body={"text": content.body.text},
    )
    batch.sources[item.key] = Source(
        chat_id=item.chat_id,
        seq=head.seq,
        sender_id=item.author_id,
        body=content.body,
        file_ids=content.file_ids,
        origin=content.origin,
        created_at=batch.tx.now,
    )


def _quote(batch: _Batch, member: Member, item: Post) -> tuple[int | None, Quote | UnsetType]:
    if item.reply_to is None:
        return None, UNSET
    row = batch.quoted.get((item.chat_id, item.reply_to))
    if row is None or row.seq <= member.visible_after:
        raise NotFound("The message replied to is not in this chat.")
    return row.seq, quote_of(row, shown=member.settings.history == "all")


def _message(item: Post | Forward, sent: Sent, content: _Content) -> Message:
    return Message(
        chat_id=item.chat_id,
        seq=sent.seq,
        n=sent.n,
        message_id=item.message_id,
        sender_id=item.author_id,
        kind="text",
        body=content.body,
        created_at=sent.created_at,
        revision=1,
        deleted=False,
        file_ids=list(content.file_ids),
        files=list(content.files) or UNSET,
        mentions=content.called.wire,
        reactions=[],
        reply_to=content.quote,
        forwarded=forwarded_of(content.origin),
        scheduled=content.scheduled or UNSET,
    )


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
    tx: Transaction, item: Post | Forward, head: chat_log.Position, content: _Content
) -> dict[str, Any]:
    return {
        "chat_id": item.chat_id,
        "seq": head.seq,
        "n": head.n,
        "id": item.message_id,
        "sender_id": item.author_id,
        "kind": "text",
        "body": content.body,
        "mentions": content.called.wire or None,
        "file_ids": list(content.file_ids) or None,
        "reply_seq": content.reply_seq,
        "origin": content.origin,
        "scheduled": content.scheduled,
        "created_at": tx.now,
        "digest": item.digest,
    }
