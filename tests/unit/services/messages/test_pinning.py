import pytest

from tests.core import World, kinds, refused
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.events import PinChanged
from uptc_messenger.models.messages import Changed
from uptc_messenger.services.chats import blocking
from uptc_messenger.services.messages import pinning


async def put(
    world: World, who: UserId, place: tuple[ChatId, MessageId], *, on: bool = True
) -> Changed:
    return await world.as_holder(who, place[0], lambda tx, m: pinning.put(tx, m, place[1], on=on))


async def pinned(world: World, who: UserId, chat: ChatId) -> list[MessageId]:
    found, end = await world.look(who, chat, lambda r, m: pinning.page(r, m, None, 200))
    assert end is None
    return [pin.message.message_id for pin in found]


async def test_a_pin_is_one_change_of_the_log(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    one, two = await world.say(ana, chat, "uno"), await world.say(ana, chat, "dos")
    assert await put(world, luis, (chat, two)) == Changed(seq=3)
    assert await put(world, ana, (chat, two)) == Changed(duplicate=True)
    assert await put(world, ana, (chat, one)) == Changed(seq=4)
    assert await pinned(world, luis, chat) == [one, two]
    assert await put(world, luis, (chat, two), on=False) == Changed(seq=5)
    assert await put(world, luis, (chat, two), on=False) == Changed(duplicate=True)
    assert await pinned(world, luis, chat) == [one]
    told = [e for e in world.told_to_chat(chat) if isinstance(e, PinChanged)]
    assert [(e.seq, e.data.message_id, e.data.on) for e in told] == [
        (3, two, True),
        (4, one, True),
        (5, two, False),
    ]
    assert [e for e in await world.events(ana, chat) if isinstance(e, PinChanged)] == told


async def test_pages_go_from_the_newest_pin_back(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, str(number)) for number in range(5)]
    for message in said:
        await put(world, ana, (chat, message))
    first, end = await world.look(ana, chat, lambda r, m: pinning.page(r, m, None, 3))
    rest, last = await world.look(ana, chat, lambda r, m: pinning.page(r, m, end, 3))
    assert [p.message.message_id for p in (*first, *rest)] == said[::-1]
    assert last is None
    assert first[0].pinned_by == ana


async def test_a_deleted_message_is_not_pinned_and_loses_its_pin(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = await world.say(ana, chat, "uno")
    await put(world, ana, (chat, said))
    await world.delete(ana, (chat, said))
    assert await pinned(world, ana, chat) == []
    assert await refused(put(world, ana, (chat, said))) == "conflict"
    assert kinds(await world.events(ana, chat))[-1] == "message.deleted"


async def test_there_are_at_most_so_many(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pinning, "MAX_PINS", 2)
    ana = await world.user("ana")
    chat = await world.group(ana)
    said = [await world.say(ana, chat, str(number)) for number in range(3)]
    for message in said[:2]:
        await put(world, ana, (chat, message))
    assert await refused(put(world, ana, (chat, said[2]))) == "too_large"
    await put(world, ana, (chat, said[0]), on=False)
    await put(world, ana, (chat, said[2]))


async def test_who_may_pin(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    group = await world.group(ana, luis)
    await world.add(group, ana, eva, "guest")
    said = await world.say(ana, group, "uno")
    assert await refused(put(world, eva, (group, said))) == "forbidden"
    await world.set(group, ana, SettingsChange(post="admins"))
    assert await refused(put(world, luis, (group, said))) == "forbidden"
    channel = await world.group(ana, luis, kind="channel")
    await world.set(channel, ana, SettingsChange(post="members"))
    said = await world.say(luis, channel, "uno")
    assert await refused(put(world, luis, (channel, said))) == "forbidden"
    await put(world, ana, (channel, said))
    direct = await world.group(ana, luis, kind="direct")
    said = await world.say(luis, direct, "uno")
    await put(world, ana, (direct, said))
    await world.database.write(lambda tx: blocking.block(tx, ana, luis))
    assert await refused(put(world, luis, (direct, said), on=False)) == "forbidden"


async def test_who_came_later_sees_no_pin_of_before(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana)
    await world.set(chat, ana, SettingsChange(history="joined"))
    old = await world.say(ana, chat, "uno")
    await put(world, ana, (chat, old))
    await world.add(chat, ana, luis)
    new = await world.say(ana, chat, "dos")
    await put(world, ana, (chat, new))
    assert await pinned(world, luis, chat) == [new]
    assert await pinned(world, ana, chat) == [new, old]
    assert await refused(put(world, luis, (chat, old), on=False)) == "not_found"
