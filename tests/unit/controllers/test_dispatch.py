from typing import Any

import pytest

from tests.fakes import Running
from tests.talk import person
from uptc_messenger.toolkit.ids import uuid7


async def test_a_message_is_changed_and_everybody_hears(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    one, other = await ana.watch(chat), await ben.watch(chat)
    name = uuid7()
    sent = await one.send(chat, "hola", message_id=name)
    assert (sent["data"]["seq"], sent["data"]["n"], sent["data"]["duplicate"]) == (1, 1, False)
    place: dict[str, Any] = {"chat_id": chat, "message_id": name}

    edit = {**place, "change_id": uuid7(), "body": {"text": "hola a todos"}, "base_revision": 1}
    assert (await one.ask("message.edit", **edit))["data"] == {"seq": 2, "revision": 2}
    assert (await one.ask("message.edit", **edit))["data"]["duplicate"] is True
    late = {**edit, "change_id": uuid7(), "body": {"text": "tarde"}}
    assert (await one.ask("message.edit", **late))["code"] == "conflict"

    assert (await other.ask("reaction.set", **place, emoji="👍", on=True))["data"] == {"seq": 3}
    again = await other.ask("reaction.set", **place, emoji="👍", on=True)
    assert again["data"] == {"duplicate": True}
    assert (await one.ask("message.delete", **place, change_id=uuid7()))["data"]["seq"] == 4

    await other.hear("event", kind="message.deleted") if other.heard[-1].get("seq") != 4 else None
    heard = [(f["seq"], f["kind"]) for f in other.heard if f["type"] == "event"]
    kinds = ["message.new", "message.edited", "reaction.changed", "message.deleted"]
    assert heard == list(enumerate(kinds, 1))


async def test_only_ones_own_message_is_edited(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    one, other = await ana.connect(), await ben.connect()
    name = uuid7()
    await one.send(chat, "mío", message_id=name)
    edit = {"chat_id": chat, "message_id": name, "change_id": uuid7(), "body": {"text": "tuyo"}}
    assert (await other.ask("message.edit", **edit))["code"] == "forbidden"


async def test_a_read_mark_reaches_ones_other_device(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    speaker = await ana.watch(chat)
    await speaker.send(chat, "uno")
    phone, laptop = await ben.connect(), await ben.connect()
    assert (await phone.ask("read.set", chat_id=chat, n=99))["data"] == {"read_n": 1}
    update = await laptop.hear("user.event", kind="read.updated")
    assert update["data"] == {"chat_id": chat, "read_n": 1}
    receipt = await speaker.hear("receipt")
    assert (receipt["user_id"], receipt["n"]) == (ben.user_id, 1)


async def test_sync_answers_for_each_chat(server: Running):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    own, foreign = await ana.found(), await eve.found()
    talker = await ana.connect()
    await talker.send(own, "uno")
    wanted = [{"chat_id": own, "from_seq": 0}, {"chat_id": foreign, "from_seq": 0}]
    result = await talker.ask("sync", chats=wanted)
    assert (result["from_seq"], result["to_seq"], result["more"]) == (0, 1, False)
    refusal = await talker.hear("error", ref=result["ref"])
    assert (refusal["code"], refusal["details"]) == ("not_found", {"chat_id": foreign})


async def test_a_position_beyond_the_log_is_a_reset(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = await ana.connect()
    result = await talker.ask("sync", chats=[{"chat_id": chat, "from_seq": 5}])
    assert (result["reset"], result["items"]) == (True, [])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("message.send", {"message_id": uuid7(), "body": {"text": "x"}}),
        ("message.edit", {"message_id": uuid7(), "change_id": uuid7(), "body": {"text": "x"}}),
        ("message.delete", {"message_id": uuid7(), "change_id": uuid7()}),
        ("reaction.set", {"message_id": uuid7(), "emoji": "👍", "on": True}),
        ("read.set", {"n": 1}),
    ],
)
async def test_a_stranger_finds_nothing(server: Running, kind: str, fields: dict[str, Any]):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    chat = await ana.found()
    talker = await eve.connect()
    refusals = [await talker.ask(kind, chat_id=c, **fields) for c in (chat, uuid7())]
    assert [r["code"] for r in refusals] == ["not_found", "not_found"]
    assert refusals[0]["message"] == refusals[1]["message"]
