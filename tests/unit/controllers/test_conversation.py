from pathlib import Path
from typing import Any

from tests.core import new_message_id
from tests.house import House, Wire, housed
from uptc_messenger.services.websocket.config import WebSocketConfig


def send(chat: str, text: str = "hola", **fields: Any) -> dict[str, Any]:
    plain = {"type": "message.send", "chat_id": chat, "message_id": new_message_id()}
    return {**plain, "body": {"text": text}, **fields}


async def test_a_send_is_answered_after_the_commit_and_everybody_sees_it(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    one, _ = await house.enter(ana, chat)
    other, _ = await house.enter(luis, chat)
    answer = await one.ask(**send(chat, "hola, Luis"))
    assert (answer["data"]["seq"], answer["data"]["duplicate"]) == (1, False)
    assert await house.world.texts(luis.user_id, chat) == ["hola, Luis"]
    assert (await other.hear("message.new"))["data"]["body"] == {"text": "hola, Luis"}


async def test_a_retry_over_another_connection_gets_the_first_answer(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    command = send(chat)
    wire, _ = await house.enter(ana)
    first = await wire.ask(**command)
    wire.hang_up()
    wire, _ = await house.enter(ana)
    again = await wire.ask(**command)
    assert again["data"] == {**first["data"], "duplicate": True}


async def test_a_refused_send_says_which_and_why(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id)
    wire, _ = await house.enter(luis)
    answer = await wire.ask(**send(chat))
    assert (answer["type"], answer["code"], answer["ref"]) == ("error", "not_found", "asked")


async def test_without_an_id_only_a_refusal_is_answered(house: House):
    ana = await house.person("ana")
    chat, elsewhere = await house.world.group(ana.user_id), new_message_id()
    wire, _ = await house.enter(ana)
    wire.say(send(chat), send(elsewhere))
    error = await wire.hear()
    assert (error["type"], error["code"], "ref" in error) == ("error", "not_found", False)


async def test_a_removed_member_goes_silent_while_connected(house: House):
    ana, luis = await house.people("ana", "luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    wire, _ = await house.enter(luis, chat)
    await house.world.remove(chat, ana.user_id, luis.user_id)
    await house.world.send(ana.user_id, chat, "ya se fue")
    house.gateway.hub.tick(1e9)
    told = await wire.all_until_pong()
    assert [t.get("kind", t["type"]) for t in told] == ["chat.left", "pong"]
    for command in ({"type": "view.set", "open": [chat]}, send(chat)):
        assert (await wire.ask(**command))["code"] == "not_found"


async def test_too_many_commands_at_once_stop_the_reading_until_some_are_done(tmp_path: Path):
    config = WebSocketConfig(max_in_flight=4)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        chat = await house.world.group(ana.user_id)
        wire, _ = await house.enter(ana)
        wire.say(*(send(chat, id=n) for n in range(10)))
        await wire.hear("result")
        for _ in range(9):
            await wire.hear("result")
        assert wire.pauses == 1
        assert wire.reading


async def lag(house: House, chat: str, by: Any, wire: Wire, count: int) -> list[dict[str, Any]]:
    for number in range(count):
        await house.world.send(by, chat, f"{number}")  # pyright: ignore[reportArgumentType]
    return await wire.all_until_pong()


async def test_who_does_not_acknowledge_lags_and_recovers(tmp_path: Path):
    config = WebSocketConfig(window_events=4)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana, luis = await house.people("ana", "luis")
        chat = await house.world.group(ana.user_id, luis.user_id)
        wire, _ = await house.enter(luis, chat)
        told = await lag(house, chat, ana.user_id, wire, 6)
        assert [t["type"] for t in told] == ["event"] * 4 + ["flow", "pong"]
        assert (told[4]["state"], told[4]["dropped_from_es"]) == ("lagging", 5)
        assert told[-1]["heads"][0]["seq"] == 6
        wire.say({"type": "ack", "es": 4})
        heads, flow = await wire.hear(), await wire.hear()
        assert (heads["type"], heads["heads"][0]["seq"]) == ("chat.head", 6)
        assert (flow["type"], flow["state"]) == ("flow", "normal")
        answer = await wire.ask(type="sync", chats=[{"chat_id": chat, "from_seq": 4}])
        assert [item["seq"] for item in answer["items"]] == [5, 6]


async def test_what_was_never_sent_cannot_be_acknowledged(house: House):
    wire, _ = await house.enter(await house.person("ana"))
    wire.say({"type": "ack", "es": 99})
    assert (await wire.hear("error"))["code"] == "bad_request"


async def test_who_takes_nothing_is_cut_off_at_the_hard_limit(tmp_path: Path):
    config = WebSocketConfig(soft_bytes=2_000, hard_bytes=4_000)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        wire, _ = await house.enter(ana)
        wire.block(yes=True)
        wire.say(*({"type": "nothing", "id": n} for n in range(100)))
        assert await wire.ended() == 4008
        assert house.gateway.budget.used == 0


async def test_nothing_is_lost_of_what_waited_while_nobody_took(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    wire, _ = await house.enter(ana, chat)
    wire.block(yes=True)
    for text in ("uno", "dos"):
        await house.world.send(ana.user_id, chat, text)
    assert wire.heard == []
    wire.block(yes=False)
    assert [(await wire.hear())["seq"] for _ in range(2)] == [1, 2]
