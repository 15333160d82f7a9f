import asyncio
from pathlib import Path

from tests.house import House, housed
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.websocket.config import WebSocketConfig


async def test_what_a_device_sends_its_sister_learns_was_read(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    one, _ = await house.enter(ana)
    other, _ = await house.enter(await house.log_in(ana.user_id))
    message_id = "01900000-0000-7000-8000-000000000001"
    await one.ask(type="message.send", chat_id=chat, message_id=message_id, body={"text": "hola"})
    await house.gateway._reads.flush()
    assert (await other.hear("read.updated"))["data"] == {"chat_id": chat, "read_n": 1}


async def test_who_forwards_learns_how_far_that_was_read(house: House):
    ana, luis = await house.person("ana"), await house.person("luis")
    chat = await house.world.group(ana.user_id, luis.user_id)
    said = await house.world.say(luis.user_id, chat, "hola")
    one, _ = await house.enter(ana)
    message_id = "01900000-0000-7000-8000-000000000001"
    source = {"chat_id": chat, "message_id": said}
    await one.ask(type="message.forward", chat_id=chat, message_id=message_id, source=source)
    await house.gateway._reads.flush()
    assert (await one.hear("read.updated"))["data"] == {"chat_id": chat, "read_n": 0}


async def test_a_revoked_session_is_closed_while_connected_and_its_sister_is_not(house: House):
    ana = await house.person("ana")
    sister = await house.log_in(ana.user_id)
    one, welcome = await house.enter(ana)
    other, kept = await house.enter(sister)
    await house.world.database.write(
        lambda tx: sessions.end_others(tx, ana.user_id, kept["session_id"])
    )
    assert welcome["session_id"] != kept["session_id"]
    assert await one.ended() == 4504
    assert (await other.all_until_pong())[-1]["type"] == "pong"


async def test_time_closes_who_never_says_hello(tmp_path: Path):
    config = WebSocketConfig(hello_timeout_s=0.01)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        house.gateway.start()
        assert await house.connect().ended() == 4002


async def test_a_server_that_stops_says_goodbye_first(tmp_path: Path):
    config = WebSocketConfig(drain_s=0.0)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        wires = [(await house.enter(ana))[0] for _ in range(3)]
        await house.gateway.drain()
        for wire in wires:
            assert (await wire.hear("goaway"))["resume"] is True
            assert await wire.ended() == 4001
        late = house.connect()
        late.say({"type": "hello", "token": ana.token})
        assert (await late.hear())["code"] == "overloaded"
        assert await late.ended() == 4013


async def test_each_socket_is_told_its_own_moment_and_no_more_leave_than_others_can_take(
    tmp_path: Path,
):
    config = WebSocketConfig(drain_s=0.0, drain_per_s=50)
    async with housed(f"sqlite:///{tmp_path}/uptc.db", config) as house:
        ana = await house.person("ana")
        wires = [(await house.enter(ana))[0] for _ in range(5)]
        await house.gateway.drain()
        moments = sorted([(await wire.hear("goaway"))["after_ms"] for wire in wires])
        assert moments == [0, 20, 40, 60, 80]
        for wire in wires:
            assert await wire.ended() == 4001


async def test_nothing_is_kept_of_sockets_that_are_gone(house: House):
    ana = await house.person("ana")
    wires = [(await house.enter(ana))[0] for _ in range(3)]
    assert (house.gateway.sockets, house.gateway.hub.sessions) == (3, 3)
    for wire in wires:
        wire.hang_up()
    await asyncio.sleep(0)
    assert (house.gateway.sockets, house.gateway.hub.sessions) == (0, 0)
    assert house.gateway.budget.used == 0
