"""Accounts and sessions on each engine."""

import asyncio
from collections.abc import AsyncGenerator

import pytest_asyncio

from tests.core import World, refused
from tests.fakes import PASSWORD, auth_config, new_account
from uptc_messenger.models.auth import Login, PasswordChange, Reset
from uptc_messenger.services import users
from uptc_messenger.services.auth import Administration, AuthService, open_auth, sessions
from uptc_messenger.services.auth.revocations import find_ended
from uptc_messenger.services.users import NewUser


@pytest_asyncio.fixture
async def auth(world: World) -> AsyncGenerator[AuthService, None]:
    service = await open_auth(world.database, auth_config(max_sessions=2), world.clock)
    yield service
    service.close()


async def test_a_life_of_an_account(world: World, auth: AuthService):
    made = await new_account(world.database, auth, "ana")
    login = Login(username="ANA", password=PASSWORD)
    second = await auth.log_in(login, "Teléfono")
    third = await auth.log_in(login)
    auth.published(world.announced)
    assert await refused(auth.authenticate(made.token)) == "unauthenticated"

    who = await auth.authenticate(third.token)
    change = PasswordChange(old_password=PASSWORD, new_password="otras cinco palabras")
    renewed = await auth.change_password(who, change)
    auth.published(world.announced)
    for ended in (second, third):
        assert await refused(auth.authenticate(ended.token)) == "unauthenticated"
    assert (await auth.authenticate(renewed.token)).user_id == made.user.user_id

    code = (await Administration(world.database, auth).issue_reset_code("ana")).code
    await auth.reset(Reset(code=code, password=PASSWORD))
    assert await refused(auth.reset(Reset(code=code, password=PASSWORD))) == "not_found"
    await auth.log_in(login)
    kinds = [event.__struct_config__.tag for event in await world.own_log(made.user.user_id)]
    assert set(kinds) == {"session.ended"}


async def test_of_many_who_want_a_username_one_gets_it(world: World, auth: AuthService):
    password_hash = await auth.new_hash(PASSWORD)

    async def register(number: int) -> str:
        account = NewUser(username="ana" if number % 2 else "ANA")
        await world.database.write(lambda tx: auth.register(tx, account, password_hash))
        return "made"

    outcomes = await asyncio.gather(*(register(n) for n in range(10)), return_exceptions=True)
    assert [getattr(o, "code", o) for o in outcomes].count("made") == 1
    assert {getattr(o, "code", o) for o in outcomes} == {"made", "conflict"}


async def test_of_many_who_redeem_one_code_one_does(world: World, auth: AuthService):
    await new_account(world.database, auth, "ana")
    code = (await Administration(world.database, auth).issue_reset_code("ana")).code
    command = Reset(code=code, password="otras cinco palabras")
    outcomes = await asyncio.gather(
        *(auth.reset(command) for _ in range(5)), return_exceptions=True
    )
    assert sorted(str(getattr(o, "code", "done")) for o in outcomes) == ["done"] + ["not_found"] * 4


async def test_the_last_use_and_stale_sessions_are_kept(world: World, auth: AuthService):
    made = await new_account(world.database, auth, "ana")
    world.clock.now += 3_600_000
    who = await auth.authenticate(made.token)
    await auth.write_last_seen()
    last = await world.database.read(lambda r: users.last_seen(r, [who.user_id]))
    assert last == {who.user_id: world.clock.now}
    world.clock.now += 31 * 86_400_000
    assert await world.database.write(lambda tx: sessions.end_stale(tx, auth.config)) == 1
    live = {who.session_id: who.user_id}
    assert len(await world.database.read(lambda r: find_ended(r, live))) == 1


async def test_the_directory_is_searched_alike(world: World):
    for username, name in (("mnunez", "María Núñez"), ("beto", "Alberto Nuñez"), ("a_b", "x%y")):
        account = NewUser(username=username, display_name=name)
        await world.database.write(lambda tx, account=account: users.create(tx, account))
    for query, found in (
        ("nunez", ["beto", "mnunez"]),
        ("MAR nu", ["mnunez"]),
        ("a_b", ["a_b", "beto"]),
        ("%", []),
        ("\\", []),
        ("", ["a_b", "beto", "mnunez"]),
    ):
        page = await world.database.scan(lambda r, q=query: users.find(r, q, "", 10))
        assert [user.username for user in page.users] == found, query
