from typing import Any

from tests.house import House


async def test_what_was_missed_is_told_behind_the_welcome(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    wire, welcome = await house.enter(luis)
    wire.hang_up()
    for text in ("uno", "dos @luis"):
        await house.world.send(ana.user_id, chat, text)
    resume = {
        "sync_token": welcome["sync_token"],
        "useq": welcome["useq"],
        "open": [{"chat_id": chat, "seq": 0}],
    }
    wire, again = await house.enter(luis, resume=resume)
    assert again["resumed"]
    mention, digest, synced, _ = await wire.all_until_pong()
    assert (mention["kind"], mention["data"]["seq"]) == ("mention", 2)
    assert digest["more"] is False
    assert digest["chats"] == [{"chat_id": chat, "seq": 2, "n": 2, "read_n": 0, "mentions": 1}]
    assert [item["seq"] for item in synced["items"]] == [1, 2]
    assert wire.es == 2


async def test_nothing_new_is_an_empty_digest(house: House):
    ana = await house.person("ana")
    wire, welcome = await house.enter(ana)
    house.world.clock.now += 3_600_000
    resume: dict[str, Any] = {
        "sync_token": welcome["sync_token"],
        "useq": welcome["useq"],
        "open": [],
    }
    wire, again = await house.enter(ana, resume=resume)
    digest, _ = await wire.all_until_pong()
    assert again["resumed"]
    assert (digest["type"], digest["chats"], digest["more"]) == ("digest", [], False)


async def test_a_token_that_means_nothing_gets_every_chat(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    wire, welcome = await house.enter(ana, resume={"sync_token": "x", "useq": 0, "open": []})
    digest, _ = await wire.all_until_pong()
    assert not welcome["resumed"]
    assert [entry["chat_id"] for entry in digest["chats"]] == [chat]


async def test_a_position_in_ones_own_log_that_never_was_is_not_resumed(house: House):
    ana = await house.person("ana")
    _, first = await house.enter(ana)
    resume: dict[str, Any] = {
        "sync_token": first["sync_token"],
        "useq": first["useq"] + 9,
        "open": [],
    }
    _, welcome = await house.enter(ana, resume=resume)
    assert not welcome["resumed"]


async def test_a_chat_that_one_was_removed_from_is_not_synced(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    _, first = await house.enter(luis)
    await house.world.remove(chat, ana.user_id, luis.user_id)
    resume = {
        "sync_token": first["sync_token"],
        "useq": first["useq"],
        "open": [{"chat_id": chat, "seq": 0}],
    }
    wire, welcome = await house.enter(luis, chat, resume=resume)
    assert welcome["heads"] == []
    told = await wire.all_until_pong()
    assert [t.get("kind", t["type"]) for t in told] == ["chat.left", "digest", "pong"]
