from tests.fakes import Running
from tests.talk import person


async def test_a_view_answers_heads_and_presence(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    talker = await ana.connect()
    answer = await talker.ask("view.set", open=[chat], users=[ana.user_id, ben.user_id])
    assert answer["data"]["heads"] == [{"chat_id": chat, "seq": 0, "n": 0}]
    shown = {entry["user_id"]: entry["state"] for entry in answer["data"]["presence"]}
    assert shown == {ana.user_id: "online", ben.user_id: "offline"}


async def test_people_come_and_say_how_they_are(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    await ana.found(ben)
    watcher = await ana.connect(view={"users": [ben.user_id]})
    presence = await watcher.hear("presence")
    assert presence["users"][0]["state"] == "offline"
    here = await ben.connect()
    assert (await watcher.hear("presence"))["users"][0]["state"] == "online"
    await here.say({"type": "presence.set", "state": "dnd", "text": "en clase"})
    entry = (await watcher.hear("presence"))["users"][0]
    assert (entry["state"], entry["text"]) == ("dnd", "en clase")


async def test_presence_of_strangers_is_not_shown(server: Running):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    await ana.connect()
    talker = await eve.connect()
    answer = await talker.ask("view.set", users=[ana.user_id])
    assert answer["data"]["presence"] == []


async def test_a_foreign_chat_is_not_found_and_the_view_stays(server: Running):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    foreign, own = await ana.found(), await eve.found()
    talker = await eve.watch(own)
    refusal = await talker.ask("view.set", open=[foreign])
    assert (refusal["code"], refusal["details"]) == ("not_found", {"chat_id": foreign})
    await talker.send(own, "sigo aquí")
    await talker.hear("event", kind="message.new") if not [
        f for f in talker.heard if f.get("kind") == "message.new"
    ] else None
    assert [f["chat_id"] for f in talker.heard if f["type"] == "event"] == [own]


async def test_a_muted_chat_says_nothing(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    loud, quiet = await ana.found(ben), await ana.found(ben, title="Avisos")
    listener = await ben.connect()
    await listener.ask("view.set", levels={quiet: "none", loud: "head"})
    speaker = await ana.connect()
    await speaker.send(quiet, "nadie lo oye")
    await speaker.send(loud, "hola")
    heads = (await listener.hear("chat.head"))["heads"]
    assert [(head["chat_id"], head["preview"]) for head in heads] == [(loud, "hola")]


async def test_typing_is_shown_to_the_others_only(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    one, other = await ana.watch(chat), await ben.watch(chat)
    await one.say({"type": "typing", "chat_id": chat, "on": True})
    shown = await other.hear("typing")
    assert (shown["user_id"], shown["on"]) == (ana.user_id, True)
    await one.ask("view.set")
    assert not [frame for frame in one.heard if frame["type"] == "typing"]


async def test_typing_in_a_foreign_chat_is_refused(server: Running):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    chat = await ana.found()
    talker = await eve.connect()
    answer = await talker.ask("typing", chat_id=chat, on=True)
    assert answer["code"] == "not_found"
