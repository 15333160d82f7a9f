from tests.core import World, refused
from uptc_messenger.models.chats import SettingsChange
from uptc_messenger.models.events import ReadUpdated, ReceiptShown, ToViewers
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
