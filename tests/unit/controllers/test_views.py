from tests.house import House
from uptc_messenger.services.chats import blocking
from uptc_messenger.toolkit.ids import uuid7


async def test_a_view_answers_with_where_its_chats_are(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    await house.world.send(ana.user_id, chat, "uno")
    wire, _ = await house.enter(ana)
    answer = await wire.ask(type="view.set", open=[chat])
    assert answer["data"] == {"heads": [{"chat_id": chat, "seq": 1, "n": 1}], "presence": []}
    await house.world.send(ana.user_id, chat, "dos")
    assert (await wire.hear("message.new"))["seq"] == 2


async def test_the_next_view_replaces_it(house: House):
    ana, luis = await house.people("ana", "luis")
    one = await house.world.group(ana.user_id, luis.user_id)
    other = await house.world.group(ana.user_id, luis.user_id)
    wire, _ = await house.enter(luis, one)
    await wire.ask(type="view.set", open=[other], levels={one: "none"})
    for chat in (one, other):
        await house.world.send(ana.user_id, chat, "hola")
    house.gateway.hub.tick(1e9)
    told = await wire.all_until_pong()
    assert [t.get("chat_id") for t in told if t["type"] != "pong"] == [other]


async def test_one_chat_that_may_not_be_seen_refuses_the_whole_view(house: House):
    ana = await house.person("ana")
    chat, elsewhere = await house.world.group(ana.user_id), uuid7()
    wire, _ = await house.enter(ana)
    answer = await wire.ask(type="view.set", open=[chat, elsewhere])
    assert (answer["code"], answer["details"]) == ("not_found", {"chat_id": elsewhere})
    await house.world.send(ana.user_id, chat, "uno")
    assert [t["type"] for t in await wire.all_until_pong()] == ["pong"]


async def test_a_hello_leaves_such_chats_out(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    _, welcome = await house.enter(ana, chat, type="hello", view={"open": [uuid7(), chat]})
    assert [head["chat_id"] for head in welcome["heads"]] == [chat]


async def test_presence_is_shown_to_who_shares_a_chat_and_to_nobody_else(house: House):
    ana, luis, eva = await house.people("ana", "luis", "eva")
    await house.world.group(ana.user_id, luis.user_id)
    wire, _ = await house.enter(ana)
    watched = [luis.user_id, eva.user_id]
    answer = await wire.ask(type="view.set", open=[], users=watched)
    assert [(p["user_id"], p["state"]) for p in answer["data"]["presence"]] == [
        (luis.user_id, "offline")
    ]
    await house.enter(eva)
    await house.enter(luis)
    told = await wire.hear("presence")
    assert [(u["user_id"], u["state"]) for u in told["users"]] == [(luis.user_id, "online")]


async def test_who_is_blocked_is_shown_neither_presence_nor_typing(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    pair = (ana.user_id, luis.user_id)
    his, _ = await house.enter(luis, chat)
    await house.world.database.write(lambda tx: blocking.block(tx, *pair))
    hers, _ = await house.enter(ana, chat)
    seen = await his.ask(type="view.set", open=[chat], users=[ana.user_id])
    assert seen["data"]["presence"] == [{"user_id": ana.user_id, "state": "offline"}]
    hers.say(
        {"type": "presence.set", "state": "dnd"}, {"type": "typing", "chat_id": chat, "on": True}
    )
    await hers.all_until_pong()
    assert [t["type"] for t in await his.all_until_pong()] == ["pong"]
    await house.world.database.write(lambda tx: blocking.unblock(tx, *pair))
    hers.say({"type": "presence.set", "state": "online"})
    told = await his.hear("presence")
    assert [(u["user_id"], u["state"]) for u in told["users"]] == [(ana.user_id, "online")]


async def test_a_block_hides_at_once_who_was_shown(house: House):
    ana, luis = await house.people("ana", "luis")
    await house.world.group(ana.user_id, luis.user_id)
    await house.enter(ana)
    his, _ = await house.enter(luis)
    shown = await his.ask(type="view.set", open=[], users=[ana.user_id])
    assert shown["data"]["presence"][0]["state"] == "online"
    await house.world.database.write(lambda tx: blocking.block(tx, ana.user_id, luis.user_id))
    told = await his.hear("presence")
    assert told["users"] == [{"user_id": ana.user_id, "state": "offline"}]
