"""How sockets and servers end: goodbye on SIGTERM, patience that runs out, readers too slow."""

import asyncio
import json
import secrets
import socket as sockets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Person, Socket, Town, is_frame, new_id
from tests.server import Server, serving

WAITING = 9_000
BATCH = 60
TEXT = "x" * 300


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, "--registration", "open", **UNLIMITED) as server:
        yield server


@pytest.fixture(scope="module")
def hasty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose patience is short."""
    patience = {"UPTC_WEBSOCKET_HELLO_TIMEOUT_S": "1", "UPTC_WEBSOCKET_HEARTBEAT_MS": "2000"}
    data = tmp_path_factory.mktemp("hasty")
    with serving(data, "--registration", "open", **UNLIMITED, **patience) as server:
        yield server


async def test_sigterm_says_goodbye_and_keeps_what_was_acknowledged(
    own_server: Server, tmp_path: Path
):
    town = Town(own_server.url)
    ana = await town.person()
    chat_id = await ana.found()
    writing, listening = await ana.connect(), await ana.connect(chat_id)
    acknowledged = {(await writing.say(chat_id, f"mensaje {n}"))["seq"]: n for n in range(30)}
    own_server.process.terminate()
    goodbye = await listening.hear(is_frame("goaway"))
    assert (goodbye["reason"], goodbye["resume"]) == ("drain", True)
    assert await listening.closed() == 4001
    assert await writing.closed() == 4001
    await town.close()
    assert await asyncio.to_thread(own_server.process.wait, 20) in {0, -15}
    with serving(tmp_path, **UNLIMITED) as again:
        town = Town(again.url)
        kept = await Person(town, "", ana.user_id, "", ana.token).read(chat_id)
        await town.close()
    assert {m["seq"]: int(m["body"]["text"].split()[1]) for m in kept} == acknowledged


async def test_a_socket_that_never_says_hello_is_closed(hasty_server: Server):
    town = Town(hasty_server.url)
    assert await (await town.open()).closed() == 4002
    silent = await town.open()
    await silent.send({"type": "ping"})
    assert (await silent.hear(is_frame("error")))["code"] == "unauthenticated"
    assert await silent.closed() == 4002
    await town.close()


async def test_a_socket_that_gives_no_sign_of_life_is_closed(hasty_server: Server):
    town = Town(hasty_server.url)
    ana = await town.person()
    living, silent = await ana.connect(), await town.open()
    await silent.send({"type": "hello", "token": ana.token})
    code, *_ = await asyncio.gather(
        asyncio.wait_for(_code_without_answering(silent), 10), _answer_pings(living, 2)
    )
    assert code == 4003
    await living.settle()
    await town.close()


async def _code_without_answering(socket: Socket) -> int:
    with suppress(ConnectionClosed):
        async for _ in socket.connection:
            pass
    return socket.connection.close_code or 0


async def _answer_pings(socket: Socket, times: int) -> None:
    for _ in range(times):
        await socket.hear(is_frame("ping"))


async def _write(ana: Person, chat_id: str) -> None:
    author = await ana.connect()
    for start in range(0, WAITING, BATCH):
        batch = [
            {
                "type": "message.send",
                "id": number,
                "chat_id": chat_id,
                "message_id": new_id(),
                "body": {"text": f"{number} {TEXT}"},
            }
            for number in range(start, start + BATCH)
        ]
        await author.send(*batch)
        for _ in batch:
            await author.hear(is_frame("result"))


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def test_a_slow_reader_lags_costs_little_and_has_it_all_in_the_end(own_server: Server):
    town = Town(own_server.url)
    ana, ben, cleo = [await town.person(name) for name in ("ana", "ben", "cleo")]
    chat_id = await ana.found(ben, cleo)
    slow, quick = await ben.connect(chat_id), await cleo.connect(chat_id)
    before = _resident_kib(own_server.process.pid)

    async def follow() -> None:
        await quick.hear(lambda frame: frame.get("seq") == WAITING, within=60)

    await asyncio.gather(_write(ana, chat_id), follow())
    assert [event["seq"] for event in quick.events(chat_id)] == list(range(1, WAITING + 1))
    assert _resident_kib(own_server.process.pid) - before < 40_000

    flow = await slow.hear(is_frame("flow"), within=60)
    assert flow["state"] == "lagging"
    live = [event["seq"] for event in slow.events(chat_id)]
    assert live == list(range(1, len(live) + 1))
    # So far behind, the server may say `reset` instead of telling it all: then it is read anew.
    from_seq = len(live)
    cursor = {"chat_id": chat_id, "from_seq": from_seq}
    await slow.send({"type": "sync", "chats": [cursor], "limit": 500})
    told = await slow.hear(is_frame("sync.result"))
    if not told["reset"]:
        assert told["items"][0]["seq"] == from_seq + 1
    assert [message["seq"] for message in await ben.read(chat_id)] == list(range(1, WAITING + 1))
    fresh = await ana.post(chat_id, "y sigue")
    assert fresh["seq"] == WAITING + 1
    await slow.hear(lambda frame: frame.get("seq") == WAITING + 1 or frame["type"] == "chat.head")
    await town.close()


async def test_who_takes_nothing_of_what_was_asked_for_is_closed(own_server: Server):
    town = Town(own_server.url)
    ana = await town.person()
    chat_id = await ana.found()
    author = await ana.connect()
    for _ in range(60):
        await author.say(chat_id, secrets.token_hex(8_000))
    narrow = sockets.socket()
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 8_192)
    host, port = own_server.url.removeprefix("http://").split(":")
    narrow.connect((host, int(port)))
    address = f"ws://{host}:{port}/api/v1/ws"
    # Nothing is read while a megabyte is asked for, sixty times.
    async with connect(
        address, sock=narrow, ping_interval=None, max_queue=1, compression=None
    ) as greedy:
        await greedy.send(json.dumps({"type": "hello", "token": ana.token}))
        await greedy.recv()
        wanted = {"type": "sync", "chats": [{"chat_id": chat_id, "from_seq": 0}], "limit": 500}
        await greedy.send(json.dumps([wanted] * 60))
        # Answers come in order: when this one is there, the server has long had too much.
        await ana.sync(author, chat_id)
        with suppress(ConnectionClosed):
            async with asyncio.timeout(30):
                async for _ in greedy:
                    pass
    assert greedy.close_code in {4008, 1006}
    await author.settle()
    await town.close()
