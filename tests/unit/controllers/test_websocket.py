import asyncio

from websockets.asyncio.client import ClientConnection

from tests.fakes import Running, ServerTasks
from tests.talk import Talker, dial, person


async def close_code(socket: ClientConnection) -> int:
    return await Talker(socket).closed()


async def test_a_version_that_is_not_spoken_here(server: Running):
    socket = await dial(server, subprotocols=["uptc.v9.json"])
    assert await close_code(socket) == 4501


async def test_frames_are_text(server: Running):
    socket = await dial(server)
    await socket.send(b"\x00")
    assert await close_code(socket) == 4500


async def test_what_is_not_utf8_ends_the_socket(server: Running):
    socket = await dial(server)
    await socket.send(b"\xff\xfe", text=True)
    assert await close_code(socket) == 1007


async def test_half_a_character_at_the_end_of_a_part_is_fine(server: Running):
    socket = await dial(server)
    whole = '{"type":"ping","id":"ñ"}'.encode()
    await socket.send([whole[:21], whole[21:22], whole[22:]], text=True)
    refusal = await Talker(socket).hear("error")
    assert refusal["ref"] == "ñ"


async def test_a_frame_that_is_too_large_ends_the_socket(server: Running):
    socket = await dial(server)
    await socket.send("x" * 65_537)
    assert await close_code(socket) == 1009


async def test_parts_that_are_too_large_together_end_the_socket(server: Running):
    socket = await dial(server)
    await socket.send(["x" * 40_000, "x" * 40_000])
    assert await close_code(socket) == 1009


async def test_who_says_nothing_is_sent_away(servers: ServerTasks):
    server = await servers.start(websocket_hello_timeout_s=0.1)
    assert await close_code(await dial(server)) == 4002


async def test_who_gives_no_sign_of_life_is_sent_away(servers: ServerTasks):
    server = await servers.start(websocket_heartbeat_ms=2_000)
    talker = await (await person(server, "ana")).connect()
    assert await talker.closed() == 4003
    assert {"ping"} <= {frame["type"] for frame in talker.heard}


async def test_who_answers_stays(servers: ServerTasks):
    server = await servers.start(websocket_heartbeat_ms=2_000)
    talker = await (await person(server, "ana")).connect()
    for _ in range(2):
        ping = await talker.hear("ping")
        await talker.say({"type": "pong", "ts": ping["ts"]})
    assert (await talker.ask("view.set"))["type"] == "result"


async def test_a_lost_connection_is_forgotten(server: Running):
    talker = await (await person(server, "ana")).connect()
    gateway = server.application.gateway
    assert gateway.hub.sessions == 1
    talker.socket.transport.abort()
    async with asyncio.timeout(10):
        while gateway.hub.sessions:  # noqa: ASYNC110 - the hub tells nobody who leaves
            await asyncio.sleep(0)
    assert gateway.sockets == 0
