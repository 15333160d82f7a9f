import pytest

from tests.unit.services.chats.world import World
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.chats import ChatChange, ChatSettings, SettingsChange
from uptc_messenger.models.errors import BadRequest, Forbidden, NotFound
from uptc_messenger.models.events import (
    ChatDeleted,
    ChatLeft,
    ChatRef,
    ChatUpdate,
    ChatUpdated,
    Nothing,
    ToChat,
    ToUser,
)
from uptc_messenger.services.chats import service
from uptc_messenger.toolkit.clock import rfc3339

Room = tuple[ChatId, Principal, Principal]


@pytest.fixture
async def room(world: World) -> Room:
    """Ana's group, with Ben as a member."""
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben)
    world.forget()
    return chat_id, ana, ben


async def test_a_change_tells_what_changed(world: World, room: Room):
    chat_id, ana, ben = room
    wanted = ChatChange(
        title=" Redes  II ", topic="", settings=SettingsChange(post="admins", receipts=True)
    )
    world.now += 1

    assert await world.update(ana, chat_id, wanted)

    settings = ChatSettings(post="admins")
    assert world.log == [
        ChatUpdated(
            chat_id=chat_id,
            seq=1,
            actor_id=ana.user_id,
            at=rfc3339(world.now),
            data=ChatUpdate(title="Redes II", settings=settings),
        )
    ]
    seen = await world.see(ben, chat_id)
    assert (seen.title, seen.topic, seen.settings, seen.seq) == ("Redes II", "", settings, 1)
    assert seen.updated_at == rfc3339(world.now)


@pytest.mark.parametrize(
    "same",
    [
        ChatChange(),
        ChatChange(title="  Redes "),
        ChatChange(topic=" "),
        ChatChange(settings=SettingsChange()),
        ChatChange(settings=SettingsChange(history="all", post="members", receipts=True)),
    ],
)
async def test_a_change_that_changes_nothing_takes_no_seq(
    world: World, room: Room, same: ChatChange
):
    chat_id, ana, _ = room
    assert not await world.update(ana, chat_id, same)
    assert world.heard == []
    assert (await world.see(ana, chat_id)).seq == 0


async def test_only_admins_change_a_chat(world: World, room: Room):
    chat_id, ana, ben = room
    with pytest.raises(Forbidden):
        await world.update(ben, chat_id, ChatChange(title="Mía"))
    await world.put(ana, chat_id, ben, "admin")
    assert await world.update(ben, chat_id, ChatChange(title="Nuestra"))


@pytest.mark.parametrize("wanted", [ChatChange(title="\n"), ChatChange(topic="a\x00b")])
async def test_what_cannot_be_read_is_no_name(world: World, room: Room, wanted: ChatChange):
    chat_id, ana, _ = room
    with pytest.raises(BadRequest):
        await world.update(ana, chat_id, wanted)


async def test_the_end_of_a_chat(world: World, room: Room):
    chat_id, ana, ben = room

    await world.delete(ana, chat_id)

    logged, *told = world.heard
    assert isinstance(logged, ToChat)
    assert logged.event == ChatDeleted(
        chat_id=chat_id, seq=1, actor_id=ana.user_id, at=rfc3339(world.now), data=Nothing()
    )
    assert {event.user_id for event in told if isinstance(event, ToUser)} == {
        ana.user_id,
        ben.user_id,
    }
    assert world.told(ben) == [ChatLeft(useq=2, data=ChatRef(chat_id=chat_id))]
    for person in (ana, ben):
        with pytest.raises(NotFound):
            await world.see(person, chat_id)
        assert await world.read(lambda r, p=person: service.chat_ids(r, p.user_id)) == []
    assert await world.read(lambda r: service.heads(r, [chat_id])) == []
    assert await world.read(lambda r: service.member_ids(r, chat_id)) == []
    with pytest.raises(NotFound):
        await world.delete(ana, chat_id)


async def test_only_an_owner_ends_a_chat(world: World, room: Room):
    chat_id, ana, ben = room
    await world.put(ana, chat_id, ben, "admin")
    with pytest.raises(Forbidden):
        await world.delete(ben, chat_id)


async def test_a_direct_chat_is_neither_changed_nor_ended(world: World, room: Room):
    _, ana, ben = room
    chat_id = await world.chat(ana, ben, kind="direct")
    with pytest.raises(Forbidden):
        await world.update(ana, chat_id, ChatChange(title="Nosotras"))
    with pytest.raises(Forbidden):
        await world.delete(ana, chat_id)
