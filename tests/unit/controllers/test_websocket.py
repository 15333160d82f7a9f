import asyncio
from urllib.parse import urlsplit

import pytest
from websockets.frames import Opcode

from tests.fakes import Running
from tests.house import House, Wire
from uptc_messenger.controllers import websocket

UPGRADE = (
    "GET /api/v1/ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
BINARY = b"\x82\x80\0\0\0\0"
"""An empty binary frame, masked with zeros (RFC 6455, 5.2)."""


def fragments(wire: Wire, opcode: Opcode, *parts: bytes) -> None:
    """Send one message in several frames."""
    send = wire.client.send_text if opcode is Opcode.TEXT else wire.client.send_binary
    send(parts[0], fin=False)
    for part in parts[1:-1]:
        wire.client.send_continuation(part, fin=False)
    wire.client.send_continuation(parts[-1], fin=True)
    wire._flush()


async def test_a_message_may_come_in_pieces_even_within_a_letter(house: House):
    wire = house.connect()
    whole = '{"type":"ping","id":"ñandú"}'.encode()
    at = whole.index("ñ".encode()) + 1
    fragments(wire, Opcode.TEXT, whole[:3], whole[3:at], whole[at:])
    assert (await wire.hear())["ref"] == "ñandú"


@pytest.mark.parametrize("parts", [(b'{"a":"', b"\xff", b'"}'), (b"\xc3", b"\x28", b"")])
async def test_pieces_that_are_not_utf_8_end_it(house: House, parts: tuple[bytes, ...]):
    wire = house.connect()
    fragments(wire, Opcode.TEXT, *parts)
    assert await wire.ended() == 1007


async def test_a_whole_that_is_not_utf_8_ends_it(house: House):
    wire = house.connect()
    wire.client.send_text(b'{"a":"\xff"}')
    wire._flush()
    assert await wire.ended() == 1007


async def test_a_message_that_is_too_large_ends_it(house: House):
    wire = house.connect()
    wire.say_raw("[" + " " * 65_536)
    assert await wire.ended() == 1009
    wire = house.connect()
    fragments(wire, Opcode.TEXT, b" " * 40_000, b" " * 40_000)
    assert await wire.ended() == 1009


async def test_binary_ends_it(house: House):
    wire = house.connect()
    wire.say_binary(b"{}")
    assert await wire.ended() == 4500


async def test_long_frames_are_compressed_for_who_can_read_that(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    sizes: list[int] = []
    for deflate in (False, True):
        wire = house.connect(deflate=deflate)
        wire.say({"type": "hello", "token": ana.token, "view": {"open": [chat]}})
        await wire.hear("welcome")
        before = sum(map(len, wire.raw))
        await house.world.send(ana.user_id, chat, "la misma línea\n" * 500)
        assert len((await wire.hear("message.new"))["data"]["body"]["text"]) == 7_500
        sizes.append(sum(map(len, wire.raw)) - before)
    assert sizes[1] < sizes[0] // 5


async def test_what_one_commit_says_leaves_in_one_write(house: House):
    ana = await house.person("ana")
    chat = await house.world.group(ana.user_id)
    wire, _ = await house.enter(ana, chat)
    writes = len(wire.raw)
    wire.say(*(command(chat, n) for n in range(20)))
    for _ in range(20):
        await wire.hear("result")
    assert len(wire.raw) - writes <= 3


def command(chat: str, number: int) -> dict[str, object]:
    message_id = f"01900000-0000-7000-8000-{number:012}"
    return {
        "type": "message.send",
        "id": number,
        "chat_id": chat,
        "message_id": message_id,
        "body": {"text": "hola"},
    }


async def test_a_server_that_stops_closes_its_sockets(house: House):
    wire = house.connect()
    wire.say({"type": "ping"})
    await wire.hear("error")
    wire._link.shutdown()
    assert await wire.ended() == 4001


async def test_who_does_not_close_in_turn_is_cut_off_and_hears_of_it(
    server: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(websocket, "_CLOSE_WAIT_S", 0.05)
    where = urlsplit(server.address)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(UPGRADE.format(host=where.netloc).encode())
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    writer.write(BINARY)
    with pytest.raises(ConnectionResetError):
        # An end without a reset would be read as such.
        await reader.read()
    writer.close()
