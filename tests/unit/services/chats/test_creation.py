import pytest
from msgspec import UNSET

from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import ChatChange, ChatCreation, ChatSettings
from uptc_messenger.models.errors import BadRequest, Forbidden, IdConflict, NotFound, Problem
from uptc_messenger.models.events import ChatJoined
from uptc_messenger.toolkit.ids import uuid7


async def test_a_group_starts_at_zero_with_everybody_in_it(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]

    made = await world.create(
        ana,
        ChatCreation(
            kind="group",
            title="  Redes\n 2026 ",
            topic=" Semestre 2 ",
            member_ids=[ben.user_id, ben.user_id, ana.user_id],
        ),
    )

    chat = made.chat
    assert made.new
    assert (chat.title, chat.topic, chat.role) == ("Redes 2026", "Semestre 2", "owner")
    assert (chat.seq, chat.n, chat.read_n, chat.member_count) == (0, 0, 0, 2)
    assert chat.settings == ChatSettings()
    roles = await world.roles(chat.chat_id, ana)
    assert roles == {ana.user_id: "owner", ben.user_id: "member"}
    assert world.told(eve) == []


async def test_everybody_hears_of_a_new_chat_as_they_see_it(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben)

    for person in (ana, ben):
        (event,) = world.told(person)
        assert isinstance(event, ChatJoined)
        assert event.data == await world.see(person, chat_id)
    assert world.log == []


async def test_in_a_channel_admins_write(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben, kind="channel")
    assert (await world.see(ben, chat_id)).settings == ChatSettings(post="admins")


async def test_a_direct_chat_is_one_for_each_pair(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")

    first = await world.create(ana, ChatCreation(kind="direct", member_ids=[ben.user_id]))
    again = await world.create(
        ben, ChatCreation(kind="direct", member_ids=[ana.user_id], chat_id=ChatId(uuid7()))
    )

    assert (first.new, again.new) == (True, False)
    assert again.chat.chat_id == first.chat.chat_id
    assert (first.chat.peer_id, again.chat.peer_id) == (ben.user_id, ana.user_id)
    assert first.chat.title is None
    assert set((await world.roles(first.chat.chat_id, ana)).values()) == {"member"}
    for person in (ana, ben):
        (event,) = world.told(person)
        assert isinstance(event, ChatJoined)
        assert event.data == await world.see(person, first.chat.chat_id)


async def test_the_direct_chat_with_a_disabled_person_stays(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben, kind="direct")
    await world.disable(ben)
    assert await world.chat(ana, ben, kind="direct") == chat_id


async def test_the_same_creation_again_gives_the_same_chat(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    wanted = ChatCreation(
        kind="group", title="Redes", member_ids=[ben.user_id], chat_id=ChatId(uuid7())
    )
    first = await world.create(ana, wanted)
    world.forget()
    again = await world.create(ana, wanted)

    assert first.chat.chat_id == wanted.chat_id
    assert again.chat == first.chat
    assert not again.new
    assert world.heard == []


async def test_a_chat_id_of_something_else_is_refused(world: World):
    ana, eve = await world.person("ana"), await world.person("eve")
    chat_id = await world.chat(ana)
    deleted = await world.chat(ana)
    await world.delete(ana, deleted)

    def group(chat_id: ChatId) -> ChatCreation:
        return ChatCreation(kind="group", title="Otra", member_ids=[], chat_id=chat_id)

    channel = ChatCreation(kind="channel", title="Otra", member_ids=[], chat_id=chat_id)
    direct = ChatCreation(kind="direct", member_ids=[eve.user_id], chat_id=chat_id)
    for by, wanted in ((eve, group(chat_id)), (ana, group(deleted)), (ana, channel), (ana, direct)):
        with pytest.raises(IdConflict):
            await world.create(by, wanted)


REFUSED: list[tuple[ChatCreation, type[Problem]]] = [
    (ChatCreation(kind="group", member_ids=[]), BadRequest),
    (ChatCreation(kind="channel", member_ids=[]), BadRequest),
    (ChatCreation(kind="group", title=" \t\n ", member_ids=[]), BadRequest),
    (ChatCreation(kind="group", title="\u200d", member_ids=[]), BadRequest),
    (ChatCreation(kind="group", title="a\u202eb", member_ids=[]), BadRequest),
    (ChatCreation(kind="group", title="a", topic="b\x07", member_ids=[]), BadRequest),
    (ChatCreation(kind="group", title="a", member_ids=[UserId(uuid7())]), NotFound),
    (ChatCreation(kind="direct", member_ids=[]), BadRequest),
    (ChatCreation(kind="direct", member_ids=[UserId(uuid7()), UserId(uuid7())]), BadRequest),
    (ChatCreation(kind="direct", member_ids=[UserId(uuid7())]), NotFound),
    (ChatCreation(kind="direct", title="a", member_ids=[UserId(uuid7())]), BadRequest),
    (ChatCreation(kind="direct", topic="a", member_ids=[UserId(uuid7())]), BadRequest),
]


@pytest.mark.parametrize(("wanted", "problem"), REFUSED)
async def test_what_is_refused_leaves_nothing(
    world: World, wanted: ChatCreation, problem: type[Problem]
):
    ana = await world.person("ana")
    with pytest.raises(problem):
        await world.create(ana, wanted)
    assert world.heard == []


async def test_nobody_talks_to_oneself_or_to_a_disabled_person(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    await world.disable(ben)
    with pytest.raises(BadRequest):
        await world.chat(ana, ana, kind="direct")
    with pytest.raises(NotFound):
        await world.chat(ana, ben, kind="direct")
    with pytest.raises(NotFound):
        await world.chat(ana, ben)


async def test_guests_of_the_server_start_no_chats(world: World):
    ana, guest = await world.person("ana"), await world.person("gus", "guest")
    for kind in ("direct", "group", "channel"):
        with pytest.raises(Forbidden):
            await world.chat(guest, ana, kind=kind)


async def test_many_members_cost_as_many_statements_as_two(world: World):
    people = [await world.person(f"user{number:02d}") for number in range(40)]
    seen = world.count_statements()
    await world.chat(*people[:2])
    few = len(seen)
    seen.clear()
    chat_id = await world.chat(*people)
    assert len(seen) == few
    assert (await world.see(people[-1], chat_id)).member_count == 40


async def test_what_one_saves_is_one_chat_that_nobody_else_is_in(world: World):
    ana, ben = await world.person("ana"), await world.person("ben", "guest")
    wanted = ChatCreation(kind="saved", member_ids=[ana.user_id], chat_id=ChatId(uuid7()))

    first = await world.create(ana, wanted)
    again = await world.create(ana, ChatCreation(kind="saved", member_ids=[]))
    other = await world.create(ben, ChatCreation(kind="saved", member_ids=[]))

    assert (first.new, again.new, other.new) == (True, False, True)
    assert first.chat.chat_id == again.chat.chat_id != other.chat.chat_id
    assert (first.chat.role, first.chat.member_count, first.chat.title) == ("member", 1, None)
    assert first.chat.peer_id is UNSET
    (event,) = world.told(ana)
    assert isinstance(event, ChatJoined)
    assert event.data == await world.see(ana, first.chat.chat_id)


async def test_what_one_saves_stays_ones_own(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = (await world.create(ana, ChatCreation(kind="saved", member_ids=[]))).chat.chat_id
    for wanted in (
        ChatCreation(kind="saved", member_ids=[ana.user_id]),
        ChatCreation(kind="saved", member_ids=[], title="Mío"),
    ):
        with pytest.raises(BadRequest):
            await world.create(ben, wanted)
    for refused in (
        world.put(ana, chat_id, ben),
        world.remove(ana, chat_id, ana),
        world.delete(ana, chat_id),
        world.update(ana, chat_id, ChatChange(topic="otro")),
    ):
        with pytest.raises(Forbidden):
            await refused
    taken = ChatCreation(kind="group", title="Redes", member_ids=[], chat_id=chat_id)
    with pytest.raises(IdConflict):
        await world.create(ben, taken)
    assert await world.roles(chat_id, ana) == {ana.user_id: "member"}
