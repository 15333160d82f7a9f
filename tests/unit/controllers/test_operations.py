from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio

from tests.core import refused
from tests.fakes import PASSWORD, auth_config, new_account
from uptc_messenger.controllers import status
from uptc_messenger.controllers.operations import Operations
from uptc_messenger.database import Database
from uptc_messenger.models.admin import (
    Account,
    AddUser,
    CreateInvite,
    Done,
    EndSessionsOf,
    GetStatus,
    Invites,
    IssueResetLink,
    ListInvites,
    ListSessions,
    NewInvite,
    ResetLink,
    RevokeInvite,
    Sessions,
    SetDisabled,
    SetPassword,
    SetRole,
    Status,
)
from uptc_messenger.models.auth import Reset
from uptc_messenger.services.auth import Administration, open_auth
from uptc_messenger.toolkit.clock import wall_clock

SITE = "https://chat.example.edu"


@pytest_asyncio.fixture
async def operations(database: Database) -> AsyncGenerator[Operations, None]:
    auth = await open_auth(database, auth_config(), wall_clock)
    sections = status.of_database(database)
    yield Operations(database, auth, lambda: SITE, running=False, sections=sections)
    auth.close()


async def test_an_account_is_made_and_changed(operations: Operations):
    made = await operations.run(
        AddUser(username="Ana", password=PASSWORD, role="admin", display_name="Ana María")
    )
    assert isinstance(made, Account)
    assert (made.user.username, made.user.display_name, made.user.role) == (
        "ana",
        "Ana María",
        "admin",
    )
    assert await operations.run(SetRole(username="ana", role="owner")) == Done(ended=0)
    assert await refused(operations.run(SetRole(username="eva", role="owner"))) == "not_found"


async def test_it_is_answered_that_nobody_owns_the_server_now(operations: Operations):
    people = Administration(operations.database, operations.auth)
    await people.add_user("due", "owner", PASSWORD)
    demoted = await operations.run(SetRole(username="due", role="admin"))
    assert demoted == Done(ended=0, ownerless=True)
    await people.set_role("due", "owner")
    closed = await operations.run(SetDisabled(username="due", disabled=True))
    assert closed == Done(ended=0, ownerless=True)


async def test_how_many_sessions_ended_is_answered(operations: Operations):
    people = Administration(operations.database, operations.auth)
    await people.add_user("due", "owner", PASSWORD)
    await new_account(operations.database, operations.auth, "ana")
    assert await operations.run(
        SetPassword(username="ana", password="otras cinco palabras")
    ) == Done(ended=1)
    await new_account(operations.database, operations.auth, "eva")
    assert await operations.run(SetDisabled(username="eva", disabled=True)) == Done(ended=1)
    assert await operations.run(SetDisabled(username="eva", disabled=False)) == Done(ended=0)


async def test_sessions_are_listed_and_ended(operations: Operations):
    ana = await new_account(operations.database, operations.auth, "ana")
    eva = await new_account(operations.database, operations.auth, "eva")
    found = await operations.run(ListSessions(username="ana"))
    assert isinstance(found, Sessions)
    assert [s.session_id for s in found.sessions] == [ana.session.session_id]
    foreign = EndSessionsOf(username="ana", session_id=eva.session.session_id)
    assert await refused(operations.run(foreign)) == "not_found"
    one = EndSessionsOf(username="ana", session_id=ana.session.session_id)
    assert await operations.run(one) == Done(ended=1)
    assert await operations.run(EndSessionsOf(username="eva")) == Done(ended=1)
    assert await refused(operations.auth.authenticate(eva.token)) == "unauthenticated"


async def test_a_reset_link_works_once_and_voids_the_one_before(operations: Operations):
    await new_account(operations.database, operations.auth, "ana")
    links = [await operations.run(IssueResetLink(username="ANA")) for _ in range(2)]
    old, new = links
    assert isinstance(old, ResetLink)
    assert isinstance(new, ResetLink)
    assert new.url == f"{SITE}/reset#{new.code}"
    assert new.username == "ana"
    void = Reset(code=old.code, password="otras cinco palabras")
    assert await refused(operations.auth.reset(void)) == "not_found"
    good = Reset(code=new.code, password="otras cinco palabras")
    assert (await operations.auth.reset(good)).user.username == "ana"
    assert await refused(operations.auth.reset(good)) == "not_found"


async def test_a_disabled_account_gets_no_link(operations: Operations):
    await new_account(operations.database, operations.auth, "ana")
    await operations.run(SetDisabled(username="ana", disabled=True))
    assert await refused(operations.run(IssueResetLink(username="ana"))) == "conflict"


async def test_an_invitation_is_made_listed_and_revoked(operations: Operations):
    await operations.run(AddUser(username="due", password=PASSWORD, role="owner"))
    made = await operations.run(CreateInvite(chats=[], max_uses=3))
    assert isinstance(made, NewInvite)
    assert made.url.startswith(f"{SITE}/join#")
    assert await operations.run(ListInvites()) == Invites(invites=[made.invite], more=False)
    assert await operations.run(RevokeInvite(invite_id=made.invite.invite_id)) == Done()
    assert await operations.run(ListInvites()) == Invites(invites=[], more=False)


async def test_the_status_is_told(operations: Operations, data: Path):
    found = await operations.run(GetStatus())
    assert isinstance(found, Status)
    assert not found.running
    assert found.sections["database"]["size_bytes"] == (data / "uptc.db").stat().st_size
