from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.core import World, installed, refused
from uptc_messenger.database import Transaction
from uptc_messenger.models.admin import CreateInvite, HandedOut
from uptc_messenger.models.base import ChatId, InviteId
from uptc_messenger.services import users
from uptc_messenger.services.chats import admin, invites
from uptc_messenger.toolkit.ids import uuid7


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World, None]:
    async with installed(f"sqlite:///{tmp_path}/uptc.db") as made:
        yield made


def wanted(**fields: Any) -> CreateInvite:
    return CreateInvite(chats=[], **fields)


async def make(world: World, wish: CreateInvite, *chat_ids: ChatId) -> tuple[HandedOut, str]:
    return await world.database.write(lambda tx: admin.create(tx, wish, chat_ids))


async def find(world: World, *names: str) -> list[ChatId]:
    return await world.database.scan(lambda reader: admin.find_chats(reader, names))


async def test_an_invitation_to_the_server_is_in_its_owners_name(world: World):
    assert await refused(make(world, wanted())) == "conflict"
    await world.user("due", role="owner")
    made, code = await make(world, wanted(role="admin", expires_in_s=3600, max_uses=30))
    assert (made.inviter, made.chats, made.role, made.max_uses) == ("due", [], "admin", 30)
    role = await world.database.write(lambda tx: invites.for_registration(tx, code))
    assert role == "admin"


async def test_one_into_chats_is_in_the_name_of_who_owns_them(world: World):
    ana, luis = await world.users("ana", "luis")
    chat_id = await world.group(ana, luis)
    made, code = await make(world, wanted(), chat_id)
    assert (made.inviter, made.chats) == ("ana", ["Sistemas distribuidos"])
    eva = await world.user("eva")
    assert await world.database.write(lambda tx: invites.accept(tx, code, eva)) == [chat_id]
    assert eva in await world.member_ids(chat_id)


async def test_nobody_may_own_all_of_the_chats(world: World):
    ana, luis = await world.users("ana", "luis")
    chats = [await world.group(ana), await world.group(luis)]
    assert await refused(make(world, wanted(), *chats)) == "bad_request"


async def test_a_disabled_owner_invites_nobody(world: World):
    ana, luis = await world.users("ana", "luis")
    chat_id = await world.group(ana, luis)
    await world.database.write(lambda tx: users.set_disabled(tx, ana, disabled=True))
    assert await refused(make(world, wanted(), chat_id)) == "bad_request"


async def test_an_inviter_who_is_named_needs_the_right(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat_id = await world.group(ana, luis)
    assert await refused(make(world, wanted(by="nobody"), chat_id)) == "not_found"
    assert await refused(make(world, wanted(by="eva"), chat_id)) == "conflict"
    assert await refused(make(world, wanted(by="luis", role="admin"), chat_id)) == "forbidden"
    made, _ = await make(world, wanted(by="ANA"), chat_id)
    assert made.inviter == "ana"
    assert eva not in await world.member_ids(chat_id)


async def test_a_chat_is_found_by_its_title_or_its_id(world: World):
    ana = await world.user("ana")
    chat_id = await world.group(ana)
    assert await find(world, "Sistemas distribuidos", chat_id) == [chat_id, chat_id]
    assert await refused(find(world, "sistemas")) == "not_found"
    assert await refused(find(world, uuid7())) == "not_found"


async def test_a_title_of_several_chats_is_told_with_their_ids(world: World):
    ana = await world.user("ana")
    both = [await world.group(ana), await world.group(ana)]
    with pytest.raises(Exception, match="give an id") as told:
        await find(world, "Sistemas distribuidos")
    assert all(chat_id in str(told.value) for chat_id in both)


async def test_what_can_be_used_is_listed_and_anything_revoked(world: World):
    await world.user("due", role="owner")
    for _ in range(2):
        await make(world, wanted(max_uses=1))
    found = await world.database.scan(lambda r: admin.listed(r, world.clock.now))
    assert len(found.invites) == 2
    assert not found.more
    first, second = (invite.invite_id for invite in found.invites)
    assert first > second
    await world.database.write(lambda tx: admin.revoke(tx, first))

    def again(tx: Transaction) -> None:
        admin.revoke(tx, first)

    assert await refused(world.database.write(again)) == "not_found"
    unknown = InviteId(uuid7())
    assert await refused(world.database.write(lambda tx: admin.revoke(tx, unknown))) == "not_found"
    found = await world.database.scan(lambda r: admin.listed(r, world.clock.now))
    assert [invite.invite_id for invite in found.invites] == [second]


async def test_what_its_maker_may_no_longer_offer_is_not_listed(world: World):
    due, ana, luis = await world.users("due", "ana", "luis")
    await world.database.write(lambda tx: users.set_role(tx, due, "owner"))
    mine, theirs = await world.group(ana), await world.group(luis)
    await make(world, wanted())
    await make(world, wanted(), mine)
    kept, _ = await make(world, wanted(), theirs)
    await world.database.write(lambda tx: users.set_role(tx, due, "member"))
    await world.database.write(lambda tx: users.set_disabled(tx, ana, disabled=True))
    found = await world.database.scan(lambda r: admin.listed(r, world.clock.now))
    assert [invite.invite_id for invite in found.invites] == [kept.invite_id]


async def test_a_long_list_says_that_there_is_more(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admin, "MOST_LISTED", 2)
    await world.user("due", role="owner")
    for _ in range(3):
        await make(world, wanted())
    found = await world.database.scan(lambda r: admin.listed(r, world.clock.now))
    assert (len(found.invites), found.more) == (2, True)


async def test_everything_is_counted(world: World):
    assert await world.database.scan(admin.totals) == admin.Totals()
    ana = await world.user("ana")
    chat_id = await world.group(ana)
    before = (await world.database.scan(admin.totals)).messages
    await world.say(ana, chat_id, "hola")
    assert await world.database.scan(admin.totals) == admin.Totals(chats=1, messages=before + 1)
