"""The hello: who is there, what they missed, what they see from here on."""

from collections.abc import Sequence
from typing import Final

from uptc_messenger.controllers.dispatch import sync_result
from uptc_messenger.database import Reader
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, Record, Seq, UserId
from uptc_messenger.models.commands import Cursor, Hello, Resume
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import UserEvent
from uptc_messenger.models.fleeting import Frame
from uptc_messenger.models.frames import Digest, DigestEntry, SyncResult
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.access import require_member
from uptc_messenger.services.messages import catchup
from uptc_messenger.services.users import blocks
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.websocket.packets import Packet, encode, single
from uptc_messenger.services.websocket.tokens import SyncTokens

DIGEST_PAGE: Final = 200
REPLAY: Final = 1_000
"""Entries of one's own log that are worth replaying."""

SYNC_LIMIT: Final = 200


class Opening(Record, frozen=True):
    """What the database says to a hello, all of one snapshot."""

    chats: dict[ChatId, Seq]
    apart: set[UserId]
    useq: Seq
    resumed: bool
    missed: list[UserEvent]
    digest: list[DigestEntry] | None
    synced: list[SyncResult]


def read_opening(reader: Reader, who: Principal, hello: Hello, tokens: SyncTokens) -> Opening:
    """Everything that a welcome needs; without `resume` nothing is replayed."""
    useq = user_log.head(reader, who.user_id)
    mine = chats.memberships(reader, who.user_id)
    apart = blocks.apart(reader, who.user_id)
    resume = hello.resume
    if resume is None:
        return Opening(
            chats=mine,
            apart=apart,
            useq=useq,
            resumed=False,
            missed=[],
            digest=None,
            synced=[],
        )
    since = tokens.since(resume.sync_token)
    # A token of before a restore: a position of that log may exist in this one, as another place.
    foreign = bool(resume.sync_token) and since is None
    resumed = since is not None and useq - REPLAY <= resume.useq <= useq
    return Opening(
        chats=mine,
        apart=apart,
        useq=useq,
        resumed=resumed,
        missed=user_log.after(reader, who.user_id, resume.useq, REPLAY) if resumed else [],
        digest=chats.digest(reader, who.user_id, since if resumed else None),
        synced=_sync(reader, who.user_id, resume, foreign=foreign),
    )


def _sync(reader: Reader, user_id: UserId, resume: Resume, *, foreign: bool) -> list[SyncResult]:
    found = (_sync_one(reader, user_id, cursor, foreign=foreign) for cursor in resume.open)
    return [result for result in found if result is not None]


def _sync_one(
    reader: Reader, user_id: UserId, cursor: Cursor, *, foreign: bool
) -> SyncResult | None:
    try:
        member = require_member(reader, user_id, cursor.chat_id)
    except NotFound:
        return None  # `chat.left` in the user's own log says so
    if foreign:
        return sync_result(cursor.chat_id, catchup.begin_anew(reader, member, cursor.seq))
    found = catchup.events_after(reader, member, cursor.seq, SYNC_LIMIT)
    return sync_result(cursor.chat_id, found)


def packets(welcome: Frame, opening: Opening) -> list[Packet]:
    """Welcome first, then what was missed: one's own log, the digest, the open chats."""
    sent = [single(welcome)]
    if opening.missed:
        sent.append(Packet([encode(event) for event in opening.missed], len(opening.missed)))
    if opening.digest is not None:
        sent += [single(page, counted=1) for page in _pages(opening.digest)]
    sent += [single(result) for result in opening.synced]
    return sent


def _pages(entries: Sequence[DigestEntry]) -> list[Digest]:
    starts = range(0, max(len(entries), 1), DIGEST_PAGE)
    return [
        Digest(
            chats=list(entries[start : start + DIGEST_PAGE]),
            more=start + DIGEST_PAGE < len(entries),
        )
        for start in starts
    ]
