"""The SQL of what is still to be told: durable, claimed with a lease, one row for each place."""

from collections.abc import Collection, Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.database.lookups import each, slices
from uptc_messenger.database.notices import notification_jobs as jobs
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId, Millis, Record, UserId

_INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_KEY: Final = (jobs.c.target_id == sa.bindparam("target"), jobs.c.chat_id == sa.bindparam("chat"))
_KIND: Final = jobs.c.kind == sa.bindparam("which", type_=sa.Text)
_FREE: Final = sa.or_(
    jobs.c.held_until.is_(None), jobs.c.held_until <= sa.bindparam("now", type_=sa.BigInteger)
)
_DUE: Final = (
    sa.select(jobs)
    .where(_KIND, jobs.c.due_at <= sa.bindparam("now", type_=sa.BigInteger), _FREE)
    .order_by(jobs.c.due_at)
    .limit(sa.bindparam("limit"))
)
_CLAIM: Final = (
    sa.update(jobs)
    .where(*_KEY, jobs.c.due_at.is_not(None), _FREE)
    .values(
        holder=sa.bindparam("mine", type_=ID),
        held_until=sa.bindparam("until", type_=sa.BigInteger),
    )
)
_MINE: Final = jobs.c.holder == sa.bindparam("mine", type_=ID)
_MORE: Final = jobs.c.wanted > sa.bindparam("reached", type_=sa.BigInteger)
_SETTLE: Final = (
    sa.update(jobs)
    .where(*_KEY, _MINE)
    .values(
        done=sa.bindparam("reached", type_=sa.BigInteger),
        shown_n=sa.bindparam("now_shown", type_=sa.BigInteger),
        # What was said while it was being told is told next.
        due_at=sa.case((_MORE, sa.bindparam("next", type_=sa.BigInteger)), else_=None),
        since=sa.case((_MORE, sa.bindparam("at", type_=sa.BigInteger)), else_=jobs.c.since),
        attempts=0,
        holder=None,
        held_until=None,
    )
)
_POSTPONE: Final = (
    sa.update(jobs)
    .where(*_KEY, _MINE)
    .values(
        done=sa.bindparam("reached", type_=sa.BigInteger),
        due_at=sa.bindparam("next", type_=sa.BigInteger),
        attempts=sa.bindparam("tried"),
        holder=None,
        held_until=None,
    )
)
_BEGIN: Final = (
    sa.update(jobs)
    .where(*_KEY, _MINE)
    .values(done=sa.bindparam("reached", type_=sa.BigInteger), due_at=None)
)
_SHOWN: Final = sa.and_(jobs.c.shown_n.is_not(None), jobs.c.due_at.is_(None))
_SHOWN_TO: Final = sa.select(jobs).where(
    jobs.c.user_id.in_(sa.bindparam("ids", expanding=True)), _SHOWN
)
_SHOWING: Final = (
    sa.select(jobs.c.user_id)
    .distinct()
    .where(_SHOWN, jobs.c.user_id > sa.bindparam("after", type_=ID))
    .order_by(jobs.c.user_id)
    .limit(sa.bindparam("limit"))
)
_WAKE: Final = (
    sa.update(jobs)
    .where(*_KEY, _SHOWN)
    .values(due_at=sa.bindparam("at", type_=sa.BigInteger), attempts=0)
)
_WAKE_CHAT: Final = (
    sa.update(jobs)
    .where(jobs.c.chat_id == sa.bindparam("chat"), _SHOWN)
    .values(due_at=sa.bindparam("at", type_=sa.BigInteger), attempts=0)
)
_WAITING: Final = sa.select(sa.func.count()).select_from(
    sa.select(jobs.c.target_id)
    .where(_KIND, jobs.c.due_at.is_not(None))
    .limit(sa.bindparam("limit"))
    .subquery()
)
_NEXT: Final = (
    sa.select(jobs.c.due_at)
    .where(_KIND, jobs.c.due_at.is_not(None), _FREE)
    .order_by(jobs.c.due_at)
    .limit(1)
)
_FORGET: Final = sa.delete(jobs).where(jobs.c.user_id == sa.bindparam("user"), _KIND)
Kind = Literal["push", "mail"]


class Job(Record, frozen=True):
    """Something to tell at a place: up to `wanted`, but not what was told up to `done`."""

    target_id: str
    chat_id: str
    user_id: UserId
    kind: Kind
    wanted: int
    done: int
    due_at: Millis


def put(tx: Transaction, added: Sequence[Job], again_ms: Millis) -> None:
    """Add to what is to be told; a place that waits already waits no longer for it.

    `again_ms` is added where a notification of the chat is on that device's screen.
    """
    for part in slices(added):
        tx.run(_upsert(tx.dialect, again_ms), [_row(tx, job) for job in part])


def _upsert(dialect: str, again_ms: Millis) -> sa.Executable:
    insert = _INSERTS[dialect](jobs)
    new = insert.excluded
    later = sa.case((jobs.c.shown_n.is_not(None), again_ms), else_=0)
    idle = jobs.c.due_at.is_(None)
    # A letter that waits for Monday goes today once its person wants it so.
    sooner = sa.and_(jobs.c.kind == "mail", jobs.c.attempts == 0, new.due_at < jobs.c.due_at)
    return insert.on_conflict_do_update(
        index_elements=[jobs.c.target_id, jobs.c.chat_id],
        set_={
            "wanted": sa.case((new.wanted > jobs.c.wanted, new.wanted), else_=jobs.c.wanted),
            "due_at": sa.case(
                (idle, new.due_at + later), (sooner, new.due_at), else_=jobs.c.due_at
            ),
            "since": sa.case((idle, new.since), else_=jobs.c.since),
            "attempts": sa.case((idle, 0), else_=jobs.c.attempts),
        },
        where=new.wanted > jobs.c.wanted,
    )


def _row(tx: Transaction, job: Job) -> dict[str, Any]:
    return {
        "target_id": job.target_id,
        "chat_id": job.chat_id,
        "user_id": job.user_id,
        "kind": job.kind,
        "wanted": job.wanted,
        "done": job.done,
        "due_at": job.due_at,
        "since": tx.now,
    }


def due(reader: Reader, kind: Kind, now: Millis, limit: int) -> Sequence[Row]:
    """What is to be told now and is nobody's, the longest due first."""
    return reader.all(_DUE, {"which": kind, "now": now, "limit": limit})


def claim(tx: Transaction, rows: Sequence[Row], holder: str, lasts_ms: Millis) -> list[Row]:
    """Take these; only those are ours that nobody else took meanwhile."""
    values = {"now": tx.now, "mine": holder, "until": tx.now + lasts_ms}
    return [row for row in rows if tx.run(_CLAIM, {**values, **_key(row)}) > 0]


def begin(tx: Transaction, row: Row, holder: str, reached: int) -> bool:
    """Note as told what is about to be: whatever happens then, it is not told twice."""
    return tx.run(_BEGIN, {**_key(row), "mine": holder, "reached": reached}) > 0


class Settled(Record, frozen=True):
    """What became of a job: told up to `reached`, `shown_n` on that screen, more from `next`."""

    reached: int
    shown_n: int | None
    next: Millis


def settle(tx: Transaction, row: Row, holder: str, how: Settled) -> None:
    """Done, unless more came meanwhile."""
    values = {"reached": how.reached, "now_shown": how.shown_n, "next": how.next, "at": tx.now}
    tx.run(_SETTLE, {**_key(row), "mine": holder, **values})


def postpone(tx: Transaction, row: Row, holder: str, until: Millis, attempts: int) -> None:
    """Try again later; what `begin` noted is taken back."""
    values = {"reached": row.done, "next": until, "tried": attempts}
    tx.run(_POSTPONE, {**_key(row), "mine": holder, **values})


def forget(tx: Transaction, user_id: UserId, kind: Kind) -> None:
    """Forget everything of one kind that was to be told to a person."""
    tx.run(_FORGET, {"user": user_id, "which": kind})


def shown_to(reader: Reader, user_ids: Collection[UserId]) -> list[Row]:
    """What is on the screens of these people."""
    return list(each(reader, _SHOWN_TO, user_ids))


def showing(reader: Reader, after: UserId, limit: int) -> list[UserId]:
    """The next people who have anything on a screen, in the order of their ids."""
    return [row.user_id for row in reader.all(_SHOWING, {"after": after, "limit": limit})]


def wake(tx: Transaction, rows: Sequence[Row]) -> None:
    """Look at these again now: something on the screen may be no news any more."""
    if rows:
        tx.run(_WAKE, [{**_key(row), "at": tx.now} for row in rows])


def wake_chat(tx: Transaction, chat_id: ChatId) -> None:
    """The same for all that show something of a chat."""
    tx.run(_WAKE_CHAT, {"chat": chat_id, "at": tx.now})


def waiting(reader: Reader, kind: Kind, most: int) -> int:
    """How many places wait, counted up to `most`."""
    return reader.value(_WAITING, {"which": kind, "limit": most})


def next_due(reader: Reader, kind: Kind, now: Millis) -> Millis | None:
    """When the first is due of those that nobody holds now."""
    return reader.value(_NEXT, {"which": kind, "now": now})


def _key(row: Row) -> dict[str, Any]:
    return {"target": row.target_id, "chat": row.chat_id}
