import pytest

from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.frames import DigestEntry, Head
from uptc_messenger.services.chats import service
from uptc_messenger.toolkit.ids import uuid7


async def test_whose_chats_and_whose_members(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    both = await world.chat(ana, ben)
    mine = await world.chat(ana)
    await world.chat(eve)

    assert set(await world.read(lambda r: service.chat_ids(r, ana.user_id))) == {both, mine}
    assert set(await world.read(lambda r: service.member_ids(r, both))) == {
        ana.user_id,
        ben.user_id,
    }
    assert await world.read(lambda r: service.member_ids(r, ChatId(uuid7()))) == []


async def test_heads_of_chats_that_exist(world: World):
    ana = await world.person("ana")
    chat_id = await world.chat(ana)
    await world.say(chat_id, ana, times=2)
    wanted = [chat_id, ChatId(uuid7())]
    assert await world.read(lambda r: service.heads(r, wanted)) == [
        Head(chat_id=chat_id, seq=2, n=2)
    ]


async def test_the_digest_lists_what_was_active(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    quiet = await world.chat(ana, ben)
    busy = await world.chat(ana, ben)
    since = world.now
    world.now += 1_000
    await world.say(busy, ana, times=2)
    await world.say(busy, ana, calling=[ben])
    await world.say(busy, ana, all=True)
    await world.read_up_to(busy, ben, 1)

    entry = DigestEntry(chat_id=busy, seq=4, n=4, read_n=1, mentions=2)
    recent = await world.read(lambda r: service.digest(r, ben.user_id, since))
    everything = await world.read(lambda r: service.digest(r, ben.user_id, None))

    assert recent == [entry]
    assert everything == [
        entry,
        DigestEntry(chat_id=quiet, seq=0, n=0, read_n=0, mentions=0),
    ]


async def test_a_mention_counts_once_and_only_unread(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    one, two = await world.chat(ana, ben), await world.chat(ana, ben)
    await world.say(one, ana, calling=[ben], all=True)
    await world.say(one, ana, calling=[ben])
    await world.say(two, ana, times=3)
    await world.say(two, ana, all=True)

    async def mentions(read_one: int, read_two: int) -> dict[ChatId, int]:
        await world.read_up_to(one, ben, read_one)
        await world.read_up_to(two, ben, read_two)
        unread = {one: read_one, two: read_two}
        return await world.read(lambda r: service.unread_mentions(r, ben.user_id, unread))

    assert await mentions(0, 0) == {one: 2, two: 1}
    assert await mentions(1, 3) == {one: 1, two: 1}
    assert await mentions(2, 4) == {}
    assert await world.read(lambda r: service.unread_mentions(r, ben.user_id, {})) == {}


@pytest.mark.parametrize("how", ["removed", "deleted", "never"])
async def test_who_may_be_seen_present(world: World, how: str):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    await world.chat(ana, ben, kind="direct")
    if how != "never":
        chat_id = await world.chat(ana, eve)
        await (world.remove(ana, chat_id, eve) if how == "removed" else world.delete(ana, chat_id))
    ids = [ana.user_id, ben.user_id, eve.user_id]
    seen = await world.read(lambda r: service.share_a_chat(r, ana.user_id, ids))
    assert seen == {ana.user_id, ben.user_id}
    assert await world.read(lambda r: service.share_a_chat(r, eve.user_id, ids)) == {eve.user_id}
    assert await world.read(lambda r: service.share_a_chat(r, ana.user_id, [])) == set()
