import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database import Transaction
from uptc_messenger.services.notifications.repository import settings


async def test_a_row_is_made_when_it_is_held_first(world: World):
    ana = await world.user("ana")

    def write(tx: Transaction) -> None:
        assert settings.of(tx, [ana]) == {}
        assert settings.hold(tx, ana) is not None
        settings.change(tx, ana, {"keywords": ["uno"], "address": "Ana@Example.edu"})

    await world.database.write(write)
    row = (await world.database.read(lambda r: settings.of(r, [ana])))[ana]
    assert (row.keywords, row.level, bool(row.preview)) == (["uno"], "all", True)
    for typed in ("ana@example.edu", "ANA@EXAMPLE.EDU"):
        found = await world.database.read(lambda r, typed=typed: settings.with_address(r, typed))
        assert found == [ana]


async def test_who_gets_mail(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    assert not await world.database.read(settings.anybody_by_mail)

    def write(tx: Transaction) -> None:
        for user, mail, state in (
            (ana, "daily", "confirmed"),
            (luis, "daily", "unconfirmed"),
            (eva, "off", "confirmed"),
        ):
            settings.hold(tx, user)
            settings.change(tx, user, {"mail": mail, "address_state": state})

    await world.database.write(write)
    assert await world.database.read(lambda r: settings.by_mail(r, [ana, luis, eva])) == {ana}
    assert await world.database.read(settings.anybody_by_mail)


async def test_whether_anybody_wants_mail_is_no_walk_through_all(world: World):
    plan = await world.database.read(
        lambda r: [
            row.detail
            for row in r.all(
                sa.text(f"EXPLAIN QUERY PLAN {settings._BY_MAIL.limit(1)}"), {"param_1": 1}
            )
        ]
    )
    assert "ix_notification_settings_by_mail" in plan[0]
