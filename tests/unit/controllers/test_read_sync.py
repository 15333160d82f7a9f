from tests.core import World, kinds
from uptc_messenger.controllers.read_sync import ReadSync


async def test_many_sends_are_told_to_ones_other_devices_once(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    reads = ReadSync(world.database)
    for text in ("uno", "dos", "tres"):
        await world.send(ana, chat, text)
        reads.note(ana, chat)
    assert reads.due
    await reads.flush()
    assert not reads.due
    assert not reads.busy
    assert kinds(world.told_to(ana)).count("read.updated") == 1


async def test_who_left_meanwhile_is_told_nothing(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    reads = ReadSync(world.database)
    reads.note(luis, chat)
    await world.remove(chat, ana, luis)
    await reads.flush()
    assert "read.updated" not in kinds(world.told_to(luis))


async def test_a_stopped_database_loses_it_and_raises_nothing(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    reads = ReadSync(world.database)
    reads.note(ana, chat)
    world.database.lane.stop()
    await reads.flush()
    assert not reads.due
