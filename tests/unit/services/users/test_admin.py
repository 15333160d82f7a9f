import pytest

from tests.core import World, world
from uptc_messenger.models.admin import Accounts, ListUsers
from uptc_messenger.services import users
from uptc_messenger.services.users import admin

__all__ = ["world"]


async def listed(world: World, wanted: ListUsers) -> Accounts:
    return await world.database.scan(lambda reader: admin.listed(reader, wanted))


async def test_everyone_is_listed_by_name_also_who_is_disabled(world: World):
    await world.user("luis")
    ana = await world.user("ana", role="owner")
    await world.database.write(lambda tx: users.set_disabled(tx, ana, disabled=True))
    await world.database.write(lambda tx: users.seen(tx, [ana], world.clock.now))
    found = await listed(world, ListUsers())
    assert [(a.username, a.role, a.disabled) for a in found.accounts] == [
        ("ana", "owner", True),
        ("luis", "member", False),
    ]
    assert found.accounts[0].last_seen_at == found.accounts[0].created_at
    assert found.accounts[1].last_seen_at is None


async def test_those_with_a_role_and_those_after_a_name(world: World):
    for name in ("ana", "eva", "luis"):
        await world.user(name)
    await world.user("due", role="owner")
    owners = await listed(world, ListUsers(role="owner"))
    assert [a.username for a in owners.accounts] == ["due"]
    after = await listed(world, ListUsers(after="DUE"))
    assert [a.username for a in after.accounts] == ["eva", "luis"]


async def test_a_long_list_says_that_there_is_more(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admin, "MOST_LISTED", 2)
    for name in ("ana", "eva", "luis"):
        await world.user(name)
    assert (await listed(world, ListUsers())).more
    assert not (await listed(world, ListUsers(after="ana"))).more
