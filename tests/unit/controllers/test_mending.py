import pytest

from tests.core import World, until, world
from tests.sessions import Device, arrive, make_hub
from uptc_messenger.controllers import mending
from uptc_messenger.controllers.mending import Mender
from uptc_messenger.models.base import ChatId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.hub import Hub

__all__ = ["world"]


async def settled(hub: Hub) -> None:
    await until(lambda: not hub.repairs.pending)


def watch(hub: Hub, device: Device, chat: ChatId, seq: int) -> None:
    hub.show(device.subscriber, [chat], ())
    hub.reached(device.subscriber, [Head(chat_id=chat, seq=seq, n=seq)])


async def test_what_a_chat_lacks_is_read_and_told_in_order(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    message = await world.say(ana, chat, "uno")
    await world.edit(ana, (chat, message), "uno!")
    await world.react(luis, (chat, message), "👍")
    hub = make_hub()
    mender = Mender(world.database, hub)
    device = arrive(hub, luis, chat)
    watch(hub, device, chat, 1)
    hub.learn(Head(chat_id=chat, seq=3, n=1))
    await settled(hub)
    heard = device.heard()
    assert [told["kind"] for told in heard] == ["message.edited", "reaction.changed"]
    assert heard[0]["data"]["body"] == {"text": "uno!"}
    await mender.close()


async def test_too_much_is_left_to_each_client(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mending, "FARTHEST", 2)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    for text in ("uno", "dos", "tres"):
        await world.say(ana, chat, text)
    hub = make_hub()
    mender = Mender(world.database, hub)
    device = arrive(hub, luis, chat)
    watch(hub, device, chat, 0)
    hub.learn(Head(chat_id=chat, seq=3, n=3))
    await settled(hub)
    assert device.kinds() == ["chat.head"]
    await mender.close()


async def test_a_chat_that_is_no_more_is_not_asked_for_again(world: World):
    (ana,) = await world.users("ana")
    chat = ChatId("01890000-0000-7000-8000-000000000000")
    hub = make_hub()
    mender = Mender(world.database, hub)
    device = arrive(hub, ana, chat)
    watch(hub, device, chat, 0)
    hub.learn(Head(chat_id=chat, seq=3, n=3))
    await settled(hub)
    assert hub.repairs.begun == 1
    await mender.close()


async def test_a_removal_that_was_not_heard_is_read_from_ones_own_log(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    hub = make_hub()
    mender = Mender(world.database, hub)
    device = Device(luis)
    hub.settle(hub.attach(device.subscriber), {chat: 0}, 1)
    await world.remove(chat, ana, luis)
    hub.learn_user(luis, 2)
    await settled(hub)
    assert device.kinds() == ["chat.left"]
    assert chat not in hub.directory.rooms
    await mender.close()


async def test_whose_own_log_cannot_be_followed_starts_anew(world: World):
    (ana,) = await world.users("ana")
    hub = make_hub()
    mender = Mender(world.database, hub)
    device = arrive(hub, ana)
    hub.learn_user(ana, 7)
    await until(lambda: device.closed is not None)
    assert device.closed is CloseCode.GOAWAY
    hub.detach(device.subscriber)
    await settled(hub)
    await mender.close()
