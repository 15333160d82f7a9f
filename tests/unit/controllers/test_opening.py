from tests.fakes import Running
from tests.talk import person


async def test_without_resume_nothing_is_replayed(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    first = await ana.connect()
    await first.ask("view.set", open=[chat])
    assert {frame["type"] for frame in first.heard} == {"welcome", "result"}


async def test_what_was_missed_comes_with_resume(server: Running):
    ana, ben = await person(server, "ana"), await person(server, "ben")
    chat = await ana.found(ben)
    away = await ben.watch(chat)
    welcome = away.heard[0]
    await away.socket.close()

    speaker = await ana.watch(chat)
    await speaker.send(chat, "uno")
    await speaker.send(chat, "dos")
    other = await ana.found(ben, title="Otro")

    cursor = {"chat_id": chat, "seq": 0}
    token, useq = welcome["sync_token"], welcome["useq"]
    back = await ben.connect(resume={"sync_token": token, "useq": useq, "open": [cursor]})
    assert back.heard[0]["resumed"]
    joined = await back.hear("user.event", kind="chat.joined")
    assert joined["data"]["chat_id"] == other
    digest = await back.hear("digest", more=False)
    assert {entry["chat_id"]: entry["n"] for entry in digest["chats"]} == {chat: 2, other: 0}
    synced = await back.hear("sync.result", chat_id=chat)
    assert [item["data"]["body"]["text"] for item in synced["items"]] == ["uno", "dos"]


async def test_a_token_of_another_log_lists_everything(server: Running):
    ana = await person(server, "ana")
    chat = await ana.found()
    talker = await ana.connect(resume={"sync_token": "bm9uc2Vuc2U=", "useq": 0})
    assert not talker.heard[0]["resumed"]
    digest = await talker.hear("digest", more=False)
    assert [entry["chat_id"] for entry in digest["chats"]] == [chat]


async def test_a_position_beyond_ones_own_log_is_not_resumed(server: Running):
    ana = await person(server, "ana")
    token = (await ana.connect()).heard[0]["sync_token"]
    talker = await ana.connect(resume={"sync_token": token, "useq": 999})
    assert not talker.heard[0]["resumed"]


async def test_the_cursor_of_a_foreign_chat_brings_nothing(server: Running):
    ana, eve = await person(server, "ana"), await person(server, "eve")
    chat = await ana.found()
    cursor = {"chat_id": chat, "seq": 0}
    talker = await eve.connect(resume={"useq": 0, "open": [cursor]})
    await talker.hear("digest", more=False)
    await talker.ask("view.set")
    assert not [frame for frame in talker.heard if frame["type"] == "sync.result"]
