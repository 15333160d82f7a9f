import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.core import SetClock, refused
from tests.fakes import PASSWORD, auth_config, new_account
from uptc_messenger.database import Database, DatabaseConfig, open_database
from uptc_messenger.models.auth import Login, PasswordChange
from uptc_messenger.models.events import Publication
from uptc_messenger.services.auth import AuthService, open_auth, sessions
from uptc_messenger.services.auth.service import CACHE_MS, TOUCH_MS


class House:
    """An auth service over a real database, with a clock of the test's."""

    def __init__(self, database: Database, auth: AuthService, clock: SetClock) -> None:
        self.database = database
        self.auth = auth
        self.clock = clock


@pytest_asyncio.fixture
async def house(data: Path) -> AsyncGenerator[House, None]:
    listeners: list[AuthService] = []

    def publish(publications: list[Publication]) -> None:
        for listener in listeners:
            listener.published(publications)

    clock = SetClock()
    config = DatabaseConfig(url=f"sqlite:///{data}/uptc.db")
    database = await open_database(config, publish=lambda p: publish(list(p)), clock=clock)
    auth = await open_auth(database, auth_config(), clock)
    listeners.append(auth)
    yield House(database, auth, clock)
    auth.close()
    await database.close()


def login(password: str = PASSWORD, username: str = "ana") -> Login:
    return Login(username=username, password=password)


async def test_a_token_is_looked_up_once_and_then_believed(house: House):
    made = await new_account(house.database, house.auth, "ana")
    first = await house.auth.authenticate(made.token)
    assert (first.user_id, first.role) == (made.user.user_id, "member")
    assert await house.auth.authenticate(made.token) is first
    house.clock.now += CACHE_MS
    assert await house.auth.authenticate(made.token) is not first


async def test_a_revocation_is_felt_at_once(house: House):
    made = await new_account(house.database, house.auth, "ana")
    who = await house.auth.authenticate(made.token)
    await house.database.write(lambda tx: sessions.end(tx, who.user_id, [who.session_id]))
    assert await refused(house.auth.authenticate(made.token)) == "unauthenticated"


async def test_a_believed_session_still_ends_on_time(house: House):
    made = await new_account(house.database, house.auth, "ana")
    house.clock.now += 30 * 86_400_000 - 1
    await house.auth.authenticate(made.token)
    house.clock.now += 1
    assert await refused(house.auth.authenticate(made.token)) == "session_expired"


@pytest.mark.parametrize("token", ["", "x", "ñ", "\ud800", "a" * 100_000])
async def test_what_is_no_token_is_unauthenticated(house: House, token: str):
    assert await refused(house.auth.authenticate(token)) == "unauthenticated"


async def test_the_last_use_is_stored_at_most_once_a_minute(house: House):
    made = await new_account(house.database, house.auth, "ana")
    began = house.clock.now

    async def stored() -> int:
        await house.auth.write_last_seen()
        user_id = made.user.user_id
        rows = await house.database.read(lambda r: sessions.repository.sessions_of(r, user_id))
        return rows[0].last_seen_at - began

    house.clock.now += TOUCH_MS - 1
    await house.auth.authenticate(made.token)
    assert await stored() == 0
    house.clock.now += 1
    await house.auth.authenticate(made.token)
    assert await stored() == TOUCH_MS
    house.clock.now += 1
    await house.auth.authenticate(made.token)
    assert await stored() == TOUCH_MS


async def test_login_renews_a_hash_with_old_parameters(house: House):
    made = await new_account(house.database, house.auth, "ana")
    stronger = await open_auth(house.database, auth_config(argon2_time=2), house.clock)
    await stronger.log_in(login())
    user_id = made.user.user_id
    stored = await house.database.read(
        lambda reader: sessions.repository.password_hash(reader, user_id)
    )
    assert stored is not None
    assert "t=2" in stored
    await stronger.log_in(login())
    stronger.close()


async def test_nobody_and_a_wrong_password_cost_one_hash_each(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    await new_account(house.database, house.auth, "ana")
    verified: list[str] = []
    real = house.auth.passwords._verify

    def counted(stored: str, password: str) -> bool:
        verified.append(stored)
        return real(stored, password)

    monkeypatch.setattr(house.auth.passwords, "_verify", counted)
    for command in (login("not this one"), login(username="nobody"), login(username="ñ\n")):
        assert await refused(house.auth.log_in(command)) == "unauthenticated"
    assert len(verified) == 3


async def test_a_password_changed_while_one_logs_in_does_not_let_in(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    made = await new_account(house.database, house.auth, "ana")
    who = await house.auth.authenticate(made.token)
    change = PasswordChange(old_password=PASSWORD, new_password="otras cinco palabras")
    real = house.auth.passwords.verify
    verified, go_on = asyncio.Event(), asyncio.Event()

    async def slow(stored: str | None, password: str, *, known: bool) -> bool:
        good = await real(stored, password, known=known)
        if not verified.is_set():
            verified.set()
            await go_on.wait()
        return good

    monkeypatch.setattr(house.auth.passwords, "verify", slow)
    entering = asyncio.gather(house.auth.log_in(login()), return_exceptions=True)
    await verified.wait()
    await house.auth.change_password(who, change)
    go_on.set()
    (outcome,) = await entering
    assert getattr(outcome, "code", None) == "unauthenticated"


async def test_two_changes_of_a_password_at_once_end_in_one(house: House):
    made = await new_account(house.database, house.auth, "ana")
    who = await house.auth.authenticate(made.token)
    changes = [
        PasswordChange(old_password=PASSWORD, new_password=f"otras palabras {i}") for i in range(4)
    ]
    outcomes = await asyncio.gather(
        *(house.auth.change_password(who, change) for change in changes), return_exceptions=True
    )
    refusals = [getattr(o, "code", None) for o in outcomes]
    assert refusals.count(None) == 1
    assert set(refusals) <= {None, "conflict", "forbidden"}
