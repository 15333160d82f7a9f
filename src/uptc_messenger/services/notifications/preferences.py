"""How a person wants to be told; every device of theirs learns of a change."""

import functools
from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import Millis, Seq, UserId
from uptc_messenger.models.errors import BadRequest, NotFound
from uptc_messenger.models.events import NotificationsUpdated
from uptc_messenger.models.notifications import (
    AddressState,
    NotificationSettings,
    QuietHours,
    Wishes,
)
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.notifications import keywords
from uptc_messenger.services.notifications.repository import settings as repository
from uptc_messenger.services.users import log as user_log
from uptc_messenger.toolkit.clock import rfc3339

_UTC: Final = ZoneInfo("UTC")
NOTHING_SAID: Final = NotificationSettings(
    level="all",
    keywords=[],
    quiet=None,
    time_zone="UTC",
    preview=True,
    mail="off",
    address=None,
    address_state="none",
)
"""How who never said anything wants it."""


def of(reader: Reader, user_id: UserId) -> NotificationSettings:
    """How one person wants it."""
    return of_all(reader, [user_id]).get(user_id, NOTHING_SAID)


def of_all(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, NotificationSettings]:
    """How these want it who ever said so; the others are as `NOTHING_SAID`."""
    return {user: _settings(row) for user, row in repository.of(reader, user_ids).items()}


def put(tx: Transaction, user_id: UserId, wanted: Wishes) -> NotificationSettings:
    """Replace all of it but the address; what changes nothing is told to nobody.

    A snooze that is over already is none.
    """
    if _zone(wanted.time_zone) is None:
        raise BadRequest("time_zone: this server does not know this time zone.")
    if wanted.quiet is not None and wanted.quiet.start == wanted.quiet.end:
        raise BadRequest("quiet: it ends at another time than it starts.")
    values = {
        "level": wanted.level,
        "keywords": keywords.cleaned(wanted.keywords),
        "quiet": None if wanted.quiet is None else msgspec.structs.asdict(wanted.quiet),
        "time_zone": wanted.time_zone,
        "snoozed_until": _future(tx.now, wanted.snoozed_until),
        "preview": wanted.preview,
        "mail": wanted.mail,
    }
    return change(tx, user_id, values)


def change(tx: Transaction, user_id: UserId, values: dict[str, Any]) -> NotificationSettings:
    """Set these columns, and tell the person's devices if anything is another now."""
    row = repository.hold(tx, user_id)
    if row is None:
        raise NotFound("There is no such person.")
    different = {name: new for name, new in values.items() if getattr(row, name) != new}
    if not different:
        return _settings(row)
    repository.change(tx, user_id, different)
    after = of(tx, user_id)
    user_log.append(tx, user_id, partial(_updated, after))
    return after


def set_state(
    tx: Transaction, user_id: UserId, state: AddressState, problem: str | None = None
) -> NotificationSettings:
    """Note what is known of a person's address."""
    return change(tx, user_id, {"address_state": state, "address_problem": problem})


def problem_of(reader: Reader, user_id: UserId) -> str | None:
    """Why mail to a person was refused."""
    row = repository.of(reader, [user_id]).get(user_id)
    return None if row is None else row.address_problem


def is_quiet(settings: NotificationSettings, now: Millis) -> bool:
    """Whether this person wants no sound now: it is a quiet hour there, or a snooze lasts."""
    if settings.snoozed_until is not UNSET and millis_of(settings.snoozed_until) > now:
        return True
    if settings.quiet is None:
        return False
    local = datetime.fromtimestamp(now / 1000, zone_of(settings.time_zone)).strftime("%H:%M")
    start, end = settings.quiet.start, settings.quiet.end
    return start <= local < end if start < end else local >= start or local < end


def zone_of(name: str) -> ZoneInfo:
    """A stored time zone; UTC where the database of zones of this machine lacks it."""
    return _zone(name) or _UTC


@functools.lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def millis_of(text: str) -> Millis:
    """The instant of an RFC 3339 text."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def _future(now: Millis, until: datetime | None) -> Millis | None:
    millis = None if until is None else int(until.timestamp() * 1000)
    return millis if millis is not None and millis > now else None


def _settings(row: Row) -> NotificationSettings:
    return NotificationSettings(
        level=row.level,
        keywords=list(row.keywords),
        quiet=None if row.quiet is None else read_stored(row.quiet, QuietHours),
        time_zone=row.time_zone,
        preview=bool(row.preview),
        mail=row.mail,
        address=row.address,
        address_state=row.address_state,
        snoozed_until=UNSET if row.snoozed_until is None else rfc3339(row.snoozed_until),
    )


def _updated(settings: NotificationSettings, useq: Seq) -> NotificationsUpdated:
    return NotificationsUpdated(useq=useq, data=settings)
