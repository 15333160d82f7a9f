from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from tests.core import refused
from tests.fakes import PASSWORD, auth_config, new_account
from uptc_messenger.database import Database
from uptc_messenger.models.auth import Login, OwnerClaim
from uptc_messenger.models.base import ServerRole
from uptc_messenger.services import users
from uptc_messenger.services.auth import Administration, AuthService, open_auth
from uptc_messenger.toolkit.clock import wall_clock


@pytest_asyncio.fixture
async def auth(database: Database) -> AsyncGenerator[AuthService, None]:
    service = await open_auth(database, auth_config(), wall_clock)
    yield service
    service.close()


def login(username: str, password: str = PASSWORD) -> Login:
    return Login(username=username, password=password)


async def role_of(database: Database, username: str) -> ServerRole | None:
    standing = await database.read(lambda reader: users.standing_by_name(reader, username))
    return standing and standing.role


async def test_an_account_is_made_with_its_role(database: Database, auth: AuthService):
    admin = Administration(database, auth)
    made = await admin.add_user("Rectora", "admin", PASSWORD)
    assert (made.username, made.role) == ("rectora", "admin")
    await auth.log_in(login("rectora"))
    assert await refused(admin.add_user("RECTORA", "member", PASSWORD)) == "conflict"
    assert await refused(admin.add_user("otra", "member", "12345678")) == "bad_request"


async def test_another_password_ends_every_session(database: Database, auth: AuthService):
    made = await new_account(database, auth, "ana")
    await Administration(database, auth).set_password("ana", "otras cinco palabras")
    assert await refused(auth.authenticate(made.token)) == "unauthenticated"
    await auth.log_in(login("ana", "otras cinco palabras"))


async def test_another_role_ends_every_session(database: Database, auth: AuthService):
    made = await new_account(database, auth, "ana")
    await Administration(database, auth).set_role("ANA", "moderator")
    assert await refused(auth.authenticate(made.token)) == "unauthenticated"
    assert await role_of(database, "ana") == "moderator"


async def test_a_disabled_account_is_closed_until_it_is_opened(
    database: Database, auth: AuthService
):
    made = await new_account(database, auth, "ana")
    admin = Administration(database, auth)
    await admin.set_disabled("ana", disabled=True)
    assert await refused(auth.authenticate(made.token)) == "unauthenticated"
    assert await refused(auth.log_in(login("ana"))) == "forbidden"
    await admin.set_disabled("ana", disabled=False)
    await auth.log_in(login("ana"))


async def test_there_is_an_owner_code_as_long_as_there_is_no_account(
    database: Database, auth: AuthService, capsys: pytest.CaptureFixture[str]
):
    admin = Administration(database, auth)
    assert await admin.issue_owner_code() is not None
    await admin.add_user("due", "owner", PASSWORD)
    assert await admin.issue_owner_code() is None
    assert "nobody owns" not in capsys.readouterr().out
    await admin.set_role("due", "member")
    assert await admin.issue_owner_code() is None
    assert "nobody owns this server" in capsys.readouterr().out


@pytest.mark.parametrize("role", ["owner", "member"])
async def test_the_link_of_the_first_start_is_void_where_people_are(
    database: Database, auth: AuthService, role: ServerRole
):
    admin = Administration(database, auth)
    code = await admin.issue_owner_code()
    await admin.add_user("due", role, PASSWORD)
    if role != "owner":
        await admin.issue_owner_code()
    claim = OwnerClaim(code=code or "", username="eva", password=PASSWORD)
    assert await refused(auth.claim(claim)) == "not_found"


async def test_who_does_not_exist_is_named(database: Database, auth: AuthService):
    admin = Administration(database, auth)
    for work in (
        admin.set_password("nobody", PASSWORD),
        admin.set_role("nobody", "admin"),
        admin.set_disabled("nobody", disabled=True),
        admin.issue_reset_code("nobody"),
    ):
        assert await refused(work) == "not_found"
