from typing import Any

from tests.core import new_change_id
from tests.house import House, Wire
from uptc_messenger.toolkit.ids import uuid7


async def scene(house: House) -> tuple[Wire, Wire, dict[str, Any]]:
    """Ana and Luis look at a group in which Ana has said something."""
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    said = await house.world.say(ana.user_id, chat, "hola")
    one, _ = await house.enter(ana, chat)
    other, _ = await house.enter(luis, chat)
    return one, other, {"chat_id": chat, "message_id": said}


async def test_an_edit_a_reaction_and_a_deletion(house: House):
    one, other, place = await scene(house)
    edit = {**place, "change_id": new_change_id(), "body": {"text": "hola, hola"}}
    answer = await one.ask(type="message.edit", **edit)
    assert answer["data"] == {"seq": 2, "revision": 2}
    assert (await other.hear("message.edited"))["data"]["body"] == {"text": "hola, hola"}
    answer = await other.ask(type="reaction.set", **place, emoji="👍", on=True)
    assert answer["data"]["seq"] == 3
    assert (await one.hear("reaction.changed"))["data"]["count"] == 1
    answer = await one.ask(type="message.delete", **place, change_id=new_change_id())
    assert answer["data"]["seq"] == 4
    assert (await other.hear("message.deleted"))["data"]["body"] is None


async def test_reading_is_told_to_ones_own_devices_and_shown_to_who_looks(house: House):
    one, other, place = await scene(house)
    chat = place["chat_id"]
    answer = await other.ask(type="read.set", chat_id=chat, n=9)
    assert answer["data"] == {"read_n": 1}
    assert (await one.hear("receipt"))["n"] == 1


async def test_typing_and_presence_need_no_answer(house: House):
    one, other, place = await scene(house)
    one.say({"type": "typing", "chat_id": place["chat_id"], "on": True})
    told = await other.hear("typing")
    assert told["on"] is True
    one.say({"type": "presence.set", "state": "dnd", "text": "En clase"})
    assert [t["type"] for t in await one.all_until_pong()] == ["pong"]


async def test_a_sync_answers_each_chat_by_itself(house: House):
    one, _, place = await scene(house)
    elsewhere = uuid7()
    wanted = [
        {"chat_id": elsewhere, "from_seq": 0},
        {"chat_id": place["chat_id"], "from_seq": 0},
        {"chat_id": place["chat_id"], "from_seq": 7},
    ]
    one.say({"type": "sync", "id": 5, "chats": wanted})
    missing, found, beyond = [await one.hear() for _ in range(3)]
    assert (missing["code"], missing["details"]) == ("not_found", {"chat_id": elsewhere})
    assert missing["ref"] == found["ref"] == beyond["ref"] == 5
    assert [item["seq"] for item in found["items"]] == [1]
    assert beyond["reset"] is True


async def test_what_one_may_not_touch_is_not_there(house: House):
    _, _, place = await scene(house)
    wire, _ = await house.enter(await house.person("eva"))
    change = {"change_id": new_change_id()}
    for command in (
        {"type": "message.edit", **place, **change, "body": {"text": "x"}},
        {"type": "message.delete", **place, **change},
        {"type": "reaction.set", **place, "emoji": "👍", "on": True},
        {"type": "read.set", "chat_id": place["chat_id"], "n": 1},
        {"type": "typing", "chat_id": place["chat_id"], "on": True},
        {"type": "view.set", "open": [place["chat_id"]]},
    ):
        assert (await wire.ask(**command))["code"] == "not_found", command["type"]


async def test_a_forward_is_sent_as_any_message(house: House):
    one, other, place = await scene(house)
    forward = {"chat_id": place["chat_id"], "message_id": uuid7(), "source": place}
    answer = await one.ask(type="message.forward", **forward)
    assert answer["data"]["seq"] == 2
    told = await other.hear("message.new")
    assert told["data"]["body"] == {"text": "hola"}
    assert set(told["data"]["forwarded"]) == {"sender_id", "sent_at"}
    assert (await one.ask(type="message.forward", **forward))["data"]["duplicate"] is True
