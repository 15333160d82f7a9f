from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.browsers import settings
from uptc_messenger.models.notifications import MailMode, NotificationSettings, QuietHours
from uptc_messenger.services.notifications import slots
from uptc_messenger.toolkit.clock import rfc3339

BOGOTA, MADRID = ZoneInfo("America/Bogota"), ZoneInfo("Europe/Madrid")


def at(text: str, zone: ZoneInfo = BOGOTA) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def wanting(mail: MailMode, zone: ZoneInfo = BOGOTA) -> NotificationSettings:
    return settings(mail=mail, time_zone=zone.key)


def test_missed_messages_wait_a_while():
    now = at("2026-11-26T10:00")
    assert slots.mail_due(wanting("missed"), now, 900) == now + 900_000


@pytest.mark.parametrize(
    ("mail", "now", "due"),
    [
        ("daily", "2026-11-26T07:59", "2026-11-26T08:00"),
        ("daily", "2026-11-26T08:00", "2026-11-27T08:00"),
        ("weekly", "2026-11-26T10:00", "2026-11-30T08:00"),
        ("weekly", "2026-11-30T07:00", "2026-11-30T08:00"),
        ("weekly", "2026-11-30T09:00", "2026-12-07T08:00"),
    ],
)
def test_digests_go_out_in_the_morning_of_their_person(mail: MailMode, now: str, due: str):
    assert slots.mail_due(wanting(mail), at(now), 900) == at(due)


def test_the_morning_after_the_clocks_were_set_is_at_eight_too():
    now = at("2026-10-24T12:00", MADRID)
    due = slots.mail_due(wanting("daily", MADRID), now, 0)
    assert due == at("2026-10-25T08:00", MADRID)
    assert due - now == 21 * 3_600_000


def test_quiet_ends_with_its_hours_or_its_snooze():
    night = settings(quiet=QuietHours(start="22:00", end="06:30"), time_zone="America/Bogota")
    assert slots.quiet_until(night, at("2026-11-26T23:00")) == at("2026-11-27T06:30")
    assert slots.quiet_until(night, at("2026-11-27T01:00")) == at("2026-11-27T06:30")
    snoozed = settings(snoozed_until=rfc3339(at("2026-11-26T12:00")))
    assert slots.quiet_until(snoozed, at("2026-11-26T10:00")) == at("2026-11-26T12:00")
