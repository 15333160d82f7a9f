"""A part of one chat's log, and whom it is to be told to: read, then written in one commit."""

from collections.abc import Collection, Sequence
from typing import Final

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import news
from uptc_messenger.services.messages.news import News
from uptc_messenger.services.notifications import judging, slots
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.repository import cursors, devices, jobs
from uptc_messenger.services.notifications.repository import settings as settings_repository
from uptc_messenger.services.notifications.repository.cursors import Place
from uptc_messenger.services.notifications.repository.jobs import Job

BATCH: Final = 50
"""Entries of the log that are told together."""

MEMBERS: Final = 500
"""Members that they are told to in one commit."""

FRESH_MS: Final = 24 * 3_600_000
"""What is older is no news any more: after a long silence of the worker nothing rings for it."""


class Terms(Record, frozen=True):
    """What this server does at all, and when."""

    config: NotifyConfig
    mail: bool


class Step(Record, frozen=True):
    """What is to be told of a chat, and the move of its cursor that goes with it."""

    chat_id: ChatId
    known: Place
    reached: Place
    jobs: list[Job]
    more: bool
    removed: bool = False
    gone: bool = False


def read(reader: Reader, chat_id: ChatId, terms: Terms, now: Millis) -> Step | None:
    """The next step of a chat; None where there is none to do."""
    known = cursors.of(reader, [chat_id]).get(chat_id)
    heads = chats.heads(reader, [chat_id])
    if not heads:
        gone = Step(chat_id=chat_id, known=Place(), reached=Place(), jobs=[], more=False, gone=True)
        return None if known is None else gone
    at, head = known or Place(), heads[0].seq
    upto = at.upto if at.upto is not None else min(at.seq + BATCH, head)
    if upto <= at.seq:
        return None
    said = news.between(reader, chat_id, at.seq, upto, BATCH)
    fresh = [one for one in said if one.created_at > now - FRESH_MS]
    about = _Said(chat_id=chat_id, news=fresh, terms=terms, now=now)
    found, end = _spread(reader, about, at.member_id)
    reached = Place(seq=upto) if end is None else Place(seq=at.seq, upto=upto, member_id=end)
    return Step(
        chat_id=chat_id,
        known=at,
        reached=reached,
        jobs=found,
        more=reached.member_id is not None or upto < head,
        removed=_removed(reader, chat_id, at.seq, upto),
    )


def write(tx: Transaction, step: Step, again_ms: Millis) -> bool:
    """Carry out a step; False where somebody else did."""
    if step.gone:
        jobs.wake_chat(tx, step.chat_id)
        cursors.drop(tx, step.chat_id)
        return True
    if step.known == Place():
        cursors.begin(tx, step.chat_id)
    if not cursors.move(tx, step.chat_id, step.known, step.reached):
        return False
    jobs.put(tx, step.jobs, again_ms)
    if step.removed:
        jobs.wake_chat(tx, step.chat_id)
    return True


def stale(reader: Reader, user_ids: Collection[UserId]) -> list[Row]:
    """What is on screens of these people that they have read, or whose chat they left."""
    rows = jobs.shown_to(reader, user_ids)
    read_n = chats.read_marks(reader, {(row.user_id, row.chat_id) for row in rows})
    return [
        row for row in rows if read_n.get((row.user_id, row.chat_id), row.shown_n) >= row.shown_n
    ]


def is_over(reader: Reader, row: Row, shown: News) -> bool:
    """Whether this, shown on the screen of a job, is read by now, or withdrawn, or not theirs."""
    place = (row.user_id, row.chat_id)
    read_n = chats.read_marks(reader, [place]).get(place, shown.n)
    return read_n >= shown.n or not news.between(reader, row.chat_id, shown.seq - 1, shown.seq, 1)


class _Said(Record, frozen=True):
    """What was said in a part of a chat, and now."""

    chat_id: ChatId
    news: list[News]
    terms: Terms
    now: Millis


def _spread(reader: Reader, said: _Said, after: UserId | None) -> tuple[list[Job], UserId | None]:
    """What the next members are to be told, and the last of them if more follow."""
    if not said.news or not _anybody(reader, said.terms):
        return [], None
    page = chats.some_member_ids(reader, said.chat_id, after, MEMBERS)
    return _jobs(reader, said, page), page[-1] if len(page) == MEMBERS else None


def _anybody(reader: Reader, terms: Terms) -> bool:
    pushes = terms.config.push == "on" and devices.any_at_all(reader)
    return pushes or (terms.mail and settings_repository.anybody_by_mail(reader))


def _jobs(reader: Reader, said: _Said, page: Sequence[UserId]) -> list[Job]:
    pushes = devices.of_users(reader, page) if said.terms.config.push == "on" else {}
    mails = settings_repository.by_mail(reader, page) if said.terms.mail else set[UserId]()
    senders = {one.sender_id for one in said.news}
    people = judging.listeners(reader, said.chat_id, pushes.keys() | mails, senders)
    found: list[Job] = []
    for user, listener in people.items():
        heard = judging.wanted(listener, said.news, said.now)
        if heard:
            found += [_push(said, user, device, heard) for device in pushes.get(user, ())]
            if user in mails:
                found.append(_mail(said, user, listener.settings, heard))
    return found


def _push(said: _Said, user: UserId, device: str, heard: Sequence[News]) -> Job:
    return Job(
        target_id=device,
        chat_id=said.chat_id,
        user_id=user,
        kind="push",
        wanted=heard[-1].seq,
        done=heard[0].seq - 1,
        due_at=said.now + round(said.terms.config.delay_s * 1000),
    )


def _mail(said: _Said, user: UserId, settings: NotificationSettings, heard: Sequence[News]) -> Job:
    return Job(
        target_id=user,
        chat_id=user,
        user_id=user,
        kind="mail",
        wanted=heard[-1].created_at,
        done=heard[0].created_at - 1,
        due_at=slots.mail_due(settings, said.now, said.terms.config.mail_after_s),
    )


def _removed(reader: Reader, chat_id: ChatId, after: Seq, upto: Seq) -> bool:
    changes = chat_log.changes_between(reader, chat_id, after, upto)
    return any(change.kind == "message.deleted" for change in changes)
