import pytest

from tests.core import World, refused
from uptc_messenger.models.base import UserId
from uptc_messenger.models.events import SettingsUpdated
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services import users
from uptc_messenger.services.users import NewUser
from uptc_messenger.toolkit.ids import uuid7


async def test_a_username_is_given_once(world: World):
    await world.user("ana")
    assert await refused(world.user("ANA")) == "conflict"


async def test_a_change_is_told_to_ones_own_devices_once(world: World):
    ana = await world.user("ana")
    for _ in range(2):
        await world.database.write(
            lambda tx: users.change(tx, ana, ProfileChange(about="Ingeniera", locale="en"))
        )
    (event,) = world.told_to(ana)
    assert isinstance(event, SettingsUpdated)
    assert (event.data.about, event.data.locale) == ("Ingeniera", "en")
    assert await world.own_log(ana) == [event]


async def test_a_new_name_is_found_and_the_old_one_is_not(world: World):
    ana = await world.user("ana")
    await world.database.write(
        lambda tx: users.change(tx, ana, ProfileChange(display_name="Ágata Peña"))
    )
    for query, found in (("pena", 1), ("agata", 1), ("ana", 1), ("maria", 0)):
        page = await world.database.read(lambda r, q=query: users.find(r, q, "", 10))
        assert len(page.users) == found, query


async def test_a_disabled_account_is_not_in_the_directory_but_keeps_its_name(world: World):
    ana = await world.user("ana")
    await world.database.write(lambda tx: users.set_disabled(tx, ana, disabled=True))
    page = await world.database.read(lambda reader: users.find(reader, "", "", 10))
    assert page.users == []
    assert (await world.database.read(lambda r: users.profile(r, ana))).username == "ana"
    assert await world.database.read(lambda r: users.ids_by_username(r, ["ana"])) == {}


async def test_those_who_exist_are_found_by_id_and_by_name(world: World):
    ana, beto = await world.users("ana", "beto")
    nobody = UserId(uuid7())
    found = await world.database.read(lambda r: users.profiles(r, [ana, beto, nobody]))
    assert {p.username for p in found.values()} == {"ana", "beto"}
    named = await world.database.read(lambda r: users.ids_by_username(r, ["ana", "nobody"]))
    assert named == {"ana": ana}
    assert await refused(world.database.read(lambda r: users.profile(r, nobody))) == "not_found"


async def test_when_people_were_last_seen_is_kept(world: World):
    ana, beto = await world.users("ana", "beto")
    await world.database.write(lambda tx: users.seen(tx, [ana], 5))
    seen = await world.database.read(lambda r: users.last_seen(r, [ana, beto]))
    assert seen == {ana: 5}


async def test_when_who_hides_it_was_here_is_not_told_but_kept(world: World):
    ana, beto = await world.users("ana", "beto")
    await world.database.write(lambda tx: users.seen(tx, [ana, beto], 5))
    wish = ProfileChange(hides_last_seen=True)
    changed = await world.database.write(lambda tx: users.change(tx, beto, wish))
    assert changed.hides_last_seen
    seen = await world.database.read(lambda r: users.last_seen(r, [ana, beto]))
    assert seen == {ana: 5}
    assert await world.database.read(lambda r: users.open_visits(r, [ana, beto])) == {ana}
    back = ProfileChange(hides_last_seen=False)
    await world.database.write(lambda tx: users.change(tx, beto, back))
    seen = await world.database.read(lambda r: users.last_seen(r, [beto]))
    assert seen == {beto: 5}, "it was kept all the time"


async def test_standing_and_owner(world: World):
    assert not await world.database.read(users.has_anybody)
    ana = await world.user("ana")
    assert await world.database.read(users.has_anybody)
    assert not await world.database.read(users.has_owner)
    await world.database.write(lambda tx: users.set_role(tx, ana, "owner"))
    assert await world.database.read(users.has_owner)
    standing = await world.database.read(lambda r: users.standing(r, ana))
    assert standing == users.Standing(user_id=ana, role="owner", disabled=False)
    assert await world.database.read(lambda r: users.standing_by_name(r, "no\nbody")) is None


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_pages_hold_everybody_once(world: World, limit: int):
    for number in range(5):
        new = NewUser(username=f"user{number}")
        await world.database.write(lambda tx, new=new: users.create(tx, new))
    seen, after = list[str](), ""
    while True:
        page = await world.database.read(lambda r, a=after: users.find(r, "user", a, limit))
        seen += [u.username for u in page.users]
        if page.next_cursor is None:
            break
        after = seen[-1]
    assert seen == [f"user{n}" for n in range(5)]


async def test_work_on_nobody_is_not_found(world: World):
    nobody = UserId(uuid7())
    write = world.database.write
    assert await refused(write(lambda tx: users.set_role(tx, nobody, "admin"))) == "not_found"
    assert (
        await refused(write(lambda tx: users.set_disabled(tx, nobody, disabled=True)))
        == "not_found"
    )
