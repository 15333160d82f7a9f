"""Which hop on the way to a person is broken, and a test that goes all the way."""

from typing import Final, assert_never

from msgspec import UNSET, structs

from uptc_messenger.database import Database, Reader, Row, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Millis
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.models.notifications import (
    Channel,
    Hop,
    NotificationHealth,
    Tried,
    WorkerHealth,
)
from uptc_messenger.services.notifications import composing, devices, preferences
from uptc_messenger.services.notifications.composing import Trying
from uptc_messenger.services.notifications.outcomes import Outcome
from uptc_messenger.services.notifications.repository import devices as repository
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.service import Notifications

_MOST: Final = 1_000
_TTL_S: Final = 60


def health(reader: Reader, about: Notifications, who: Principal, now: Millis) -> NotificationHealth:
    """Each hop as it is now."""
    settings = preferences.of(reader, who.user_id)
    problem = preferences.problem_of(reader, who.user_id)
    due = jobs.next_due(reader, "push", now)
    return NotificationHealth(
        push=about.config.push,
        public_key=about.vapid.public_key,
        device=devices.find(reader, who),
        worker=WorkerHealth(
            waiting=jobs.waiting(reader, "push", _MOST),
            lag_ms=0 if due is None else max(now - due, 0),
        ),
        mail="on" if about.postman.mailer.on else "off",
        address_state=settings.address_state,
        quiet=preferences.is_quiet(settings, now),
        mail_problem=UNSET if problem is None else problem,
    )


async def attempt(
    database: Database, about: Notifications, who: Principal, channel: Channel
) -> Tried:
    """Send a test now, past the queue, and say where it stopped."""
    match channel:
        case "push":
            return await _try_push(database, about, who)
        case "mail":
            return await _try_mail(database, about, who)
        case _:
            assert_never(channel)


async def _try_push(database: Database, about: Notifications, who: Principal) -> Tried:
    if about.config.push == "off":
        return Tried(hop="off", detail="")
    row = await database.read(lambda reader: devices.of_session(reader, who))
    if row is None:
        return Tried(hop="subscription", detail="")
    trying = await database.read(
        lambda reader: Trying(locale=composing.locale_of(reader, who.user_id))
    )
    try:
        made = devices.parcel(
            row, composing.payload(trying), "test", loopback=about.config.loopback
        )
    except BadRequest as refused:
        return Tried(hop="endpoint", detail=refused.sentence)
    outcome = await about.pusher.push(structs.replace(made, ttl_s=_TTL_S, urgency="high"))
    if outcome.verdict == "gone":
        await database.write(lambda tx: repository.remove(tx, [row.id]))
    else:
        await database.write(lambda tx: _note(tx, row, outcome))
    return Tried(hop=_hop(outcome, "service"), detail=outcome.detail)


def _note(tx: Transaction, row: Row, outcome: Outcome) -> None:
    arrived = outcome.verdict == "sent"
    repository.told(tx, row.id, tx.now if arrived else None, outcome.detail or None)


async def _try_mail(database: Database, about: Notifications, who: Principal) -> Tried:
    if not about.postman.mailer.on:
        return Tried(hop="off", detail="")
    settings = await database.read(lambda reader: preferences.of(reader, who.user_id))
    if settings.address_state != "confirmed":
        return Tried(hop="address", detail="")
    outcome = await about.postman.attempt(who.user_id, settings)
    if outcome.verdict == "gone":
        await database.write(
            lambda tx: preferences.set_state(tx, who.user_id, "refused", outcome.detail)
        )
        return Tried(hop="address", detail=outcome.detail)
    # What else the mail server says is for the operator's log, not for everybody.
    return Tried(hop=_hop(outcome, "smtp"), detail="")


def _hop(outcome: Outcome, other: Hop) -> Hop:
    match outcome.verdict:
        case "sent":
            return "none"
        case "gone":
            return "gone"
        case "refused":
            return "endpoint" if other == "service" else other
        case "later":
            return other
        case _:
            assert_never(outcome.verdict)
