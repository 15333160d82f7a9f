"""What an operator asks for is the same on both engines."""

from collections.abc import AsyncGenerator

import msgspec
import pytest_asyncio

from tests.core import World
from tests.fakes import PASSWORD, auth_config
from uptc_messenger.controllers import status
from uptc_messenger.controllers.operations import Operations
from uptc_messenger.models.admin import (
    Accounts,
    AddUser,
    CreateInvite,
    Done,
    GetStatus,
    Invites,
    ListInvites,
    ListUsers,
    NewInvite,
    RevokeInvite,
    Status,
    encode,
)
from uptc_messenger.services.auth import open_auth
from uptc_messenger.toolkit.clock import wall_clock


@pytest_asyncio.fixture
async def operations(world: World) -> AsyncGenerator[Operations, None]:
    auth = await open_auth(world.database, auth_config(), wall_clock)
    yield Operations(
        world.database,
        auth,
        lambda: "https://chat.example.edu",
        running=False,
        sections=status.of_database(world.database),
    )
    auth.close()


async def test_accounts_and_invitations(operations: Operations, world: World):
    await operations.run(AddUser(username="due", password=PASSWORD, role="owner"))
    chat_id = await world.group(await world.user("ana"))
    made = await operations.run(CreateInvite(chats=["Sistemas distribuidos"], max_uses=2))
    assert isinstance(made, NewInvite)
    assert made.invite.inviter == "ana"
    assert await operations.run(ListInvites()) == Invites(invites=[made.invite], more=False)
    assert await operations.run(RevokeInvite(invite_id=made.invite.invite_id)) == Done()
    found = await operations.run(ListUsers())
    assert isinstance(found, Accounts)
    assert [account.username for account in found.accounts] == ["ana", "due"]
    assert chat_id


async def test_the_status_travels_as_numbers(operations: Operations, world: World):
    ana = await world.user("ana")
    await world.say(ana, await world.group(ana), "hola")
    found = msgspec.json.decode(encode(await operations.run(GetStatus())), type=Status)
    assert found.sections["people"] == {"accounts": 1, "disabled": 0}
    assert found.sections["content"]["chats"] == 1
    assert isinstance(found.sections["content"]["messages"], int)
    size = found.sections["database"]["size_bytes"]
    assert isinstance(size, int)
    assert size > 10_000
