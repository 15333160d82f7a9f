"""What happened while nobody listened arrives afterwards: resume, digest, sync, own log."""

import asyncio

from tests.blackbox.people import Frame, Socket, Town, is_event, is_frame


async def _digest(socket: Socket) -> list[Frame]:
    chats: list[Frame] = []
    while True:
        page = await socket.hear(is_frame("digest"))
        chats += page["chats"]
        if not page["more"]:
            return chats


async def test_a_resumed_session_hears_its_own_log_the_digest_and_its_open_chats(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    shown, other = await ana.found(ben), await ana.found(ben)
    before = await ben.connect(shown)
    await ana.post(shown, "antes")
    await before.hear(is_event("message.new"))
    await before.close()

    await ana.post(shown, "mientras tanto")
    await ana.post(other, "en el otro")
    fresh = await ana.found(ben, title="Nuevo")

    resume = {
        "useq": before.welcome["useq"],
        "sync_token": before.welcome["sync_token"],
        "open": [{"chat_id": shown, "seq": 1}],
    }
    after = await ben.connect(shown, resume=resume)
    assert after.welcome["resumed"] is True
    assert after.welcome["log_epoch"] == before.welcome["log_epoch"]
    joined = await after.hear(is_event("chat.joined"))
    assert joined["data"]["chat_id"] == fresh
    positions = {entry["chat_id"]: entry["seq"] for entry in await _digest(after)}
    assert positions[shown] == 2
    assert positions[other] == 1
    caught_up = await after.hear(is_frame("sync.result"))
    assert (caught_up["chat_id"], caught_up["from_seq"], caught_up["to_seq"]) == (shown, 1, 2)
    assert [item["data"]["body"]["text"] for item in caught_up["items"]] == ["mientras tanto"]


async def test_without_resume_there_is_no_digest(town: Town):
    ana = await town.person()
    await ana.found()
    socket = await ana.connect()
    await socket.settle()
    assert socket.welcome["resumed"] is False
    assert [f["type"] for f in socket.heard] == ["welcome", "pong"]


async def test_a_resume_with_a_token_of_elsewhere_is_answered_with_a_whole_digest(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    socket = await ana.connect(resume={"useq": 0, "sync_token": "forged", "open": []})
    assert socket.welcome["resumed"] is False
    assert chat_id in {entry["chat_id"] for entry in await _digest(socket)}


async def test_events_after_a_view_start_at_its_head_plus_one(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found(ben)
    await ana.post(chat_id, "antes")
    socket = await ben.connect()
    view = await socket.ask("view.set", open=[chat_id])
    assert [(head["chat_id"], head["seq"]) for head in view["heads"]] == [(chat_id, 1)]
    await ana.post(chat_id, "después")
    told = await socket.hear(is_event("message.new"))
    assert told["seq"] == 2
    assert len(socket.events(chat_id)) == 1


async def test_sync_and_the_http_log_tell_the_same(town: Town):
    ana = await town.person()
    chat_id = await ana.found()
    for number in range(7):
        await ana.post(chat_id, f"mensaje {number}")
    socket = await ana.connect()
    synced = await ana.sync(socket, chat_id, 3)
    page = await ana.call("GET", f"/chats/{chat_id}/events?after_seq=3&limit=50")
    assert synced == page["events"]
    assert [item["seq"] for item in synced] == [4, 5, 6, 7]
    assert (page["to_seq"], page["more"], page["reset"]) == (7, False, False)


async def test_who_joins_late_in_a_chat_of_joined_history_starts_there(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    chat_id = await ana.found()
    await ana.call("PATCH", f"/chats/{chat_id}", json={"settings": {"history": "joined"}})
    await ana.post(chat_id, "solo para los primeros")
    await ana.call("PUT", f"/chats/{chat_id}/members/{ben.user_id}", json={"role": "member"})
    await ana.post(chat_id, "para los dos")
    assert [m["body"]["text"] for m in await ben.read(chat_id)] == ["para los dos"]
    older = await ben.call("GET", f"/chats/{chat_id}/events?after_seq=0")
    assert older["reset"] is True
    assert "solo para los primeros" not in older.text


async def test_many_writers_leave_one_order_without_holes_for_every_reader(town: Town):
    people = [await town.person(f"p{number}") for number in range(5)]
    chat_id = await people[0].found(*people[1:])
    sockets = [await person.connect(chat_id) for person in people]

    async def write(number: int) -> None:
        for turn in range(20):
            await sockets[number].say(chat_id, f"{number}:{turn}")

    await asyncio.gather(*(write(number) for number in range(5)))
    for socket in sockets:
        await socket.settle()
    orders = [[(e["seq"], e["data"]["body"]["text"]) for e in s.events(chat_id)] for s in sockets]
    assert [seq for seq, _ in orders[0]] == list(range(1, 101))
    assert all(order == orders[0] for order in orders)
