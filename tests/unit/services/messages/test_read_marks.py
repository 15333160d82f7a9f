import pytest

from tests.core import World, refused
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.events import ReadUpdated, ToViewers
from uptc_messenger.models.fleeting import ReceiptShown
from uptc_messenger.models.users import ProfileChange
from uptc_messenger.services import users
from uptc_messenger.services.chats import blocking
from uptc_messenger.services.messages import read_marks


def receipts(world: World) -> list[int]:
    return [
        p.frame.n
        for p in world.announced
        if isinstance(p, ToViewers) and isinstance(p.frame, ReceiptShown)
    ]


async def test_a_mark_moves_forward_is_clamped_and_goes_back_only_by_force(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for text in ("uno", "dos", "tres"):
        await world.send(ana, chat, text)
    assert await world.read_to(luis, chat, 2) == 2
    assert await world.read_to(luis, chat, 1) == 2
    assert await world.read_to(luis, chat, 99) == 3
    assert await world.read_to(luis, chat, 1, force=True) == 1
    seen = await world.chat(luis, chat)
    assert seen.n - seen.read_n == 2
    moves = [e.data.read_n for e in world.told_to(luis) if isinstance(e, ReadUpdated)]
    assert moves == [2, 3, 1]
    assert receipts(world) == [2, 3, 1]


async def test_without_receipts_only_ones_own_devices_learn(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.set(chat, ana, SettingsChange(receipts=False))
    await world.send(ana, chat, "uno")
    await world.read_to(luis, chat, 1)
    assert receipts(world) == []
    assert isinstance(world.told_to(luis)[-1], ReadUpdated)


async def test_channels_and_large_chats_tell_nobody_live_and_keep_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    ana, luis = await world.users("ana", "luis")
    channel = await world.group(ana, luis, kind="channel")
    group = await world.group(ana, luis)
    for chat, shown in ((channel, read_marks.MOST_SHOWN), (group, 1)):
        monkeypatch.setattr(read_marks, "MOST_SHOWN", shown)
        await world.send(ana, chat, "uno")
        await world.read_to(luis, chat, 1)
        assert await listed(world, ana, chat) == {ana: 1, luis: 1}
    assert receipts(world) == []
    monkeypatch.setattr(read_marks, "MOST_SHOWN", 2)
    await world.read_to(luis, group, 0, force=True)
    assert receipts(world) == [0]


async def test_turned_off_both_doors_are_shut(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "uno")
    await world.set(chat, ana, SettingsChange(receipts=False))
    await world.read_to(luis, chat, 1)
    assert receipts(world) == []
    assert await listed(world, ana, chat) == {}


async def test_a_block_hides_the_receipts_of_both_and_of_nobody_else(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis, eva)
    await world.database.write(lambda tx: blocking.block(tx, ana, luis))
    assert set(await listed(world, ana, chat)) == {ana, eva}
    assert set(await listed(world, luis, chat)) == {luis, eva}
    assert set(await listed(world, eva, chat)) == {ana, luis, eva}


async def test_who_keeps_them_to_themselves_sends_none_and_is_on_no_list(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    await world.send(ana, chat, "uno")
    await world.database.write(
        lambda tx: users.change(tx, luis, ProfileChange(hides_receipts=True))
    )
    await world.read_to(luis, chat, 1)
    assert receipts(world) == []
    assert set(await listed(world, ana, chat)) == {ana}
    assert set(await listed(world, luis, chat)) == {ana, luis}, "one's own mark is no secret"


async def listed(world: World, who: UserId, chat: ChatId) -> dict[UserId, int]:
    found, _ = await world.look(who, chat, lambda r, m: read_marks.receipts(r, m, None, 50))
    return {receipt.user_id: receipt.n for receipt in found}


async def test_who_is_not_in_the_chat_marks_nothing(world: World):
    ana, eva = await world.users("ana", "eva")
    chat = await world.group(ana)
    assert await refused(world.read_to(eva, chat, 1)) == "not_found"


async def test_other_devices_learn_of_a_mark_that_moved_with_a_send(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "uno")
    await world.as_member(ana, chat, read_marks.announce)
    event = world.told_to(ana)[-1]
    assert isinstance(event, ReadUpdated)
    assert event.data.read_n == 1
