import asyncio

import pytest

from tests.unit.services.chats.world import World
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import ChatChange
from uptc_messenger.models.errors import Conflict, Forbidden, NotFound
from uptc_messenger.models.events import (
    ChatJoined,
    ChatLeft,
    ChatRef,
    MemberChange,
    MemberJoined,
    MemberLeft,
    MemberRole,
    ToChat,
    ToUser,
)
from uptc_messenger.services.chats import membership
from uptc_messenger.services.chats.membership import Arrival
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7


@pytest.fixture
async def ana(world: World) -> Principal:
    return await world.person("ana")


@pytest.fixture
async def ben(world: World) -> Principal:
    return await world.person("ben")


@pytest.fixture
async def eve(world: World) -> Principal:
    return await world.person("eve")


@pytest.fixture
async def chat_id(world: World, ana: Principal, ben: Principal) -> ChatId:
    """Ana's group with Ben in it."""
    chat_id = await world.chat(ana, ben)
    world.forget()
    return chat_id


async def test_who_is_added_hears_of_the_chat_first(
    world: World, chat_id: ChatId, ana: Principal, eve: Principal
):
    put = await world.put(ana, chat_id, eve, "guest")

    assert put.role == "guest"
    assert put.joined_at == rfc3339(world.now)
    told, logged = world.heard
    assert isinstance(told, ToUser)
    assert told.user_id == eve.user_id
    assert isinstance(told.event, ChatJoined)
    assert (told.event.data.seq, told.event.data.member_count) == (0, 2)
    assert told.event.data.role == "guest"
    assert isinstance(logged, ToChat)
    assert logged.event == MemberJoined(
        chat_id=chat_id,
        seq=1,
        actor_id=ana.user_id,
        at=rfc3339(world.now),
        data=MemberChange(user_id=eve.user_id, role="guest"),
    )
    seen = await world.see(eve, chat_id)
    assert (seen.seq, seen.member_count, seen.role) == (1, 3, "guest")


async def test_putting_what_is_there_takes_no_seq(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal
):
    for by in (ana, ben):
        put = await world.put(by, chat_id, ben, "member")
        assert put.role == "member"
    assert world.heard == []
    assert (await world.see(ana, chat_id)).seq == 0


async def test_a_role_is_changed(world: World, chat_id: ChatId, ana: Principal, ben: Principal):
    put = await world.put(ana, chat_id, ben, "admin")
    assert put.role == "admin"
    (event,) = world.log
    assert isinstance(event, MemberRole)
    assert event.data == MemberChange(user_id=ben.user_id, role="admin")
    assert (await world.see(ben, chat_id)).role == "admin"


async def test_who_is_removed_hears_it_first_and_last(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal
):
    await world.remove(ana, chat_id, ben)

    told, logged = world.heard
    assert isinstance(told, ToUser)
    assert told.event == ChatLeft(useq=2, data=ChatRef(chat_id=chat_id))
    assert isinstance(logged, ToChat)
    assert isinstance(logged.event, MemberLeft)
    assert logged.event.data == MemberChange(user_id=ben.user_id)
    assert (await world.see(ana, chat_id)).member_count == 1
    with pytest.raises(NotFound):
        await world.see(ben, chat_id)
    world.forget()
    await world.update(ana, chat_id, ChatChange(title="Sin Ben"))
    assert world.told(ben) == []


async def test_nobody_is_let_in_twice(world: World, chat_id: ChatId, ben: Principal):
    again = Arrival(chat_id=chat_id, user_id=ben.user_id, role="owner", by=ben.user_id)
    assert not await world.write(lambda tx: membership.admit(tx, again))
    assert world.heard == []
    assert (await world.see(ben, chat_id)).role == "member"


async def test_a_member_leaves_and_comes_back(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal
):
    await world.remove(ben, chat_id, ben)
    with pytest.raises(NotFound):
        await world.remove(ben, chat_id, ben)
    world.now += 5_000
    put = await world.put(ana, chat_id, ben, "guest")

    assert [event.actor_id for event in world.log] == [ben.user_id, ana.user_id]
    assert (await world.roles(chat_id, ana))[ben.user_id] == "guest"
    assert (await world.see(ben, chat_id)).member_count == 2
    assert put.joined_at == rfc3339(world.now)


async def test_what_was_said_before_is_not_unread(
    world: World, chat_id: ChatId, ana: Principal, eve: Principal
):
    await world.say(chat_id, ana, times=3)
    await world.put(ana, chat_id, eve)
    seen = await world.see(eve, chat_id)
    assert (seen.n, seen.read_n) == (3, 3)


async def test_the_last_owner_stays(world: World, chat_id: ChatId, ana: Principal, ben: Principal):
    with pytest.raises(Conflict):
        await world.remove(ana, chat_id, ana)
    with pytest.raises(Conflict):
        await world.put(ana, chat_id, ana, "member")
    assert world.heard == []

    await world.put(ana, chat_id, ben, "owner")
    await world.put(ana, chat_id, ana, "member")
    assert await world.roles(chat_id, ana) == {ana.user_id: "member", ben.user_id: "owner"}
    await world.remove(ana, chat_id, ana)
    with pytest.raises(Conflict):
        await world.remove(ben, chat_id, ben)


async def test_two_owners_who_leave_at_once_do_not_both_go(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal
):
    await world.put(ana, chat_id, ben, "owner")
    results = await asyncio.gather(
        world.remove(ana, chat_id, ana), world.remove(ben, chat_id, ben), return_exceptions=True
    )
    assert [type(result) for result in results] == [type(None), Conflict]
    assert await world.roles(chat_id, ben) == {ben.user_id: "owner"}


async def test_an_admin_touches_no_owner_and_no_admin(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal, eve: Principal
):
    await world.put(ana, chat_id, ben, "admin")
    await world.put(ana, chat_id, eve, "admin")
    world.forget()
    for person in (ana, eve):
        with pytest.raises(Forbidden):
            await world.remove(ben, chat_id, person)
        with pytest.raises(Forbidden):
            await world.put(ben, chat_id, person, "member")
    with pytest.raises(Forbidden):
        await world.put(ben, chat_id, ben, "owner")
    assert world.heard == []


async def test_a_member_changes_nobody(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal, eve: Principal
):
    with pytest.raises(Forbidden):
        await world.put(ben, chat_id, eve)
    with pytest.raises(Forbidden):
        await world.put(ben, chat_id, ben, "admin")
    with pytest.raises(Forbidden):
        await world.remove(ben, chat_id, ana)
    with pytest.raises(Forbidden):
        await world.remove(ben, chat_id, eve)
    assert world.heard == []


async def test_only_people_who_are_there_are_added(
    world: World, chat_id: ChatId, ana: Principal, eve: Principal
):
    await world.disable(eve)
    nobody = Principal(user_id=UserId(uuid7()), session_id=eve.session_id, role="member")
    for person in (eve, nobody):
        with pytest.raises(NotFound):
            await world.put(ana, chat_id, person)
        with pytest.raises(NotFound):
            await world.remove(ana, chat_id, person)


async def test_nobody_comes_into_or_goes_from_a_direct_chat(
    world: World, ana: Principal, ben: Principal, eve: Principal
):
    chat_id = await world.chat(ana, ben, kind="direct")
    for person in (ana, ben, eve):
        with pytest.raises(Forbidden):
            await world.put(ana, chat_id, person, "admin")
        with pytest.raises(Forbidden):
            await world.remove(ana, chat_id, person)


async def test_who_is_outside_can_do_nothing(
    world: World, chat_id: ChatId, ana: Principal, eve: Principal
):
    with pytest.raises(NotFound):
        await world.put(eve, chat_id, eve, "owner")
    with pytest.raises(NotFound):
        await world.remove(eve, chat_id, ana)


async def test_members_are_listed_in_pages(world: World, chat_id: ChatId, ana: Principal):
    people = [await world.person(f"user{number}") for number in range(3)]
    for person in people:
        await world.put(ana, chat_id, person)
    member = await world.member(ana, chat_id)

    first, place = await world.read(lambda r: membership.page(r, member, None, 3))
    second, end = await world.read(lambda r: membership.page(r, member, place, 3))

    ids = [entry.user_id for entry in [*first, *second]]
    assert ids == sorted(await world.roles(chat_id, ana))
    assert (len(first), len(second), end) == (3, 2, None)


async def test_mentions_go_with_the_membership(
    world: World, chat_id: ChatId, ana: Principal, ben: Principal
):
    await world.say(chat_id, ana, calling=[ben])
    assert (await world.see(ben, chat_id)).mentions == 1
    await world.remove(ana, chat_id, ben)
    await world.put(ana, chat_id, ben)
    assert (await world.see(ben, chat_id)).mentions == 0
