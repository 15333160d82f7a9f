import asyncio

import pytest

from tests.fakes import ServerTasks
from tests.talk import Talker, dial


@pytest.mark.parametrize("message", ["", "ñandú 🦙", b"", bytes(range(256)), "x" * 200_000])
async def test_what_comes_goes_back_as_it_came(servers: ServerTasks, message: str | bytes):
    server = await servers.start(test_echo=True)
    socket = await dial(server, "/echo", max_size=None)
    await socket.send(message)
    assert await asyncio.wait_for(socket.recv(), 10) == message


async def test_it_ends_with_the_server(servers: ServerTasks):
    server = await servers.start(test_echo=True)
    socket = await dial(server, "/echo")
    server.application.stop()
    assert await Talker(socket).closed() == 4001
