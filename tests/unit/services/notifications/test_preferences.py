from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import UNSET

from tests.browsers import WISHES, settings
from tests.core import NOON, World, kinds, refused
from uptc_messenger.models.base import UserId
from uptc_messenger.models.events import NotificationsUpdated
from uptc_messenger.models.notifications import NotificationSettings, QuietHours, Wishes
from uptc_messenger.services.notifications import preferences
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7


def wishes(**changed: Any) -> Wishes:
    return Wishes(**WISHES | changed)


async def put(world: World, user: UserId, **changed: Any) -> NotificationSettings:
    wanted = wishes(**changed)
    return await world.database.write(lambda tx: preferences.put(tx, user, wanted))


async def test_who_never_said_anything_wants_the_defaults(world: World):
    ana = await world.user("ana")
    found = await world.database.read(lambda r: preferences.of(r, ana))
    assert found == preferences.NOTHING_SAID
    assert (found.level, found.mail) == ("all", "off")


async def test_every_device_hears_of_a_change_and_of_nothing_else(world: World):
    ana = await world.user("ana")
    quiet = QuietHours(start="22:00", end="06:30")
    after = await put(world, ana, level="mentions", keywords=["Parcial"], quiet=quiet)
    assert (after.level, after.keywords, after.quiet) == ("mentions", ["Parcial"], quiet)
    assert await put(world, ana, level="mentions", keywords=["Parcial"], quiet=quiet) == after
    assert await world.database.read(lambda r: preferences.of(r, ana)) == after
    told = [event for event in world.told_to(ana) if isinstance(event, NotificationsUpdated)]
    assert [event.data for event in told] == [after]
    assert kinds(await world.own_log(ana)) == ["notifications.updated"]


async def test_a_snooze_that_is_over_is_none(world: World):
    ana = await world.user("ana")
    past = datetime.fromtimestamp((NOON - 1) / 1000, UTC)
    assert (await put(world, ana, snoozed_until=past)).snoozed_until is UNSET
    soon = datetime.fromtimestamp((NOON + 60_000) / 1000, UTC)
    after = await put(world, ana, snoozed_until=soon)
    assert after.snoozed_until == rfc3339(NOON + 60_000)
    assert preferences.is_quiet(after, NOON)
    assert not preferences.is_quiet(after, NOON + 60_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "America/Tunja"},
        {"time_zone": "a" * 60},
        {"quiet": QuietHours(start="10:00", end="10:00")},
        {"keywords": ["…"]},
    ],
)
async def test_what_means_nothing_is_refused(world: World, wrong: dict[str, Any]):
    ana = await world.user("ana")
    assert await refused(put(world, ana, **wrong)) == "bad_request"


async def test_nobody_has_no_wishes(world: World):
    assert await refused(put(world, UserId(uuid7()), level="none")) == "not_found"


@pytest.mark.parametrize(
    ("start", "end", "local", "quiet"),
    [
        ("22:00", "06:30", "23:59", True),
        ("22:00", "06:30", "00:00", True),
        ("22:00", "06:30", "06:29", True),
        ("22:00", "06:30", "06:30", False),
        ("22:00", "06:30", "21:59", False),
        ("13:00", "14:00", "13:30", True),
        ("13:00", "14:00", "14:00", False),
        ("13:00", "14:00", "03:30", False),
    ],
)
def test_quiet_hours_are_those_of_the_persons_own_clock(
    start: str, end: str, local: str, quiet: bool
):
    zone = preferences.zone_of("America/Bogota")
    hour, minute = map(int, local.split(":"))
    now = round(datetime(2026, 11, 26, hour, minute, tzinfo=zone).timestamp() * 1000)
    there = settings(quiet=QuietHours(start=start, end=end), time_zone="America/Bogota")
    assert preferences.is_quiet(there, now) == quiet


async def test_what_is_known_of_an_address_is_told_to_its_person(world: World):
    ana = await world.user("ana")
    await world.database.write(
        lambda tx: preferences.set_state(tx, ana, "refused", "550 no such user")
    )
    found = await world.database.read(lambda r: preferences.of(r, ana))
    assert found.address_state == "refused"
    assert await world.database.read(lambda r: preferences.problem_of(r, ana)) == "550 no such user"
