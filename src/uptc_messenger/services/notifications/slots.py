"""When letters go out, and when it is quiet no more, in the time zone of each person."""

from datetime import datetime, timedelta
from typing import Final, assert_never

from msgspec import UNSET

from uptc_messenger.models.base import Millis
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services.notifications.preferences import millis_of, zone_of

DIGEST_HOUR: Final = 8
"""Digests go out at eight in the morning, weekly ones on Mondays."""


def mail_due(settings: NotificationSettings, now: Millis, after_s: float) -> Millis:
    """When what is said now is mailed, if it is not read by then."""
    match settings.mail:
        case "missed" | "off":
            return now + round(after_s * 1000)
        case "daily" | "weekly":
            return _next_morning(settings, now)
        case _:
            assert_never(settings.mail)


def quiet_until(settings: NotificationSettings, now: Millis) -> Millis:
    """When the quiet hour or snooze that lasts now is over."""
    ends = [now]
    if settings.snoozed_until is not UNSET:
        ends.append(millis_of(settings.snoozed_until))
    if settings.quiet is not None:
        hour, minute = map(int, settings.quiet.end.split(":"))
        ends.append(_next_at(settings, max(ends), hour, minute))
    return max(ends)


def _next_morning(settings: NotificationSettings, now: Millis) -> Millis:
    at = _next_at(settings, now, DIGEST_HOUR, 0)
    if settings.mail == "daily":
        return at
    weekday = datetime.fromtimestamp(at / 1000, zone_of(settings.time_zone)).weekday()
    later = (-weekday) % 7
    return at if later == 0 else _next_at(settings, at + (later - 1) * 86_400_000, DIGEST_HOUR, 0)


def _next_at(settings: NotificationSettings, now: Millis, hour: int, minute: int) -> Millis:
    zone = zone_of(settings.time_zone)
    local = datetime.fromtimestamp(now / 1000, zone)
    at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if at <= local:
        # By the calendar, not by 24 hours: the clocks may be set in between.
        at = (at.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    return round(at.timestamp() * 1000)
