import asyncio
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from uptc_messenger.cluster.links import Direction, Link, Place

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest_asyncio.fixture
async def link() -> AsyncGenerator[Link, None]:
    """A way to a server that says everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    made = Link("test", Place(port=server.sockets[0].getsockname()[1]))
    await made.open()
    yield made
    await made.close()
    server.close()


async def call(link: Link) -> Streams:
    return await asyncio.open_connection("127.0.0.1", link.port)


async def heard(reader: asyncio.StreamReader, seconds: float) -> bytes | None:
    try:
        async with asyncio.timeout(seconds):
            return await reader.read(100)
    except TimeoutError:
        return None


@pytest.mark.parametrize("direction", ["both", "out", "in"])
async def test_a_cut_is_silence_and_what_was_said_arrives_after_it(
    link: Link, direction: Direction
):
    reader, writer = await call(link)
    writer.write(b"one")
    assert await heard(reader, 5) == b"one"
    link.cut(direction)
    assert not link.whole
    writer.write(b"two")
    assert await heard(reader, 0.05) is None
    link.heal()
    assert link.whole
    assert await heard(reader, 5) == b"two"
    writer.close()
    await writer.wait_closed()


async def test_who_calls_during_a_cut_waits(link: Link):
    link.cut()
    reader, writer = await call(link)
    writer.write(b"hello")
    assert await heard(reader, 0.05) is None
    link.heal()
    assert await heard(reader, 5) == b"hello"
    writer.close()
    await writer.wait_closed()


async def test_nobody_behind_it_ends_the_call():
    link = Link("nowhere", Place(port=1))
    await link.open()
    reader, writer = await call(link)
    assert await heard(reader, 5) == b""
    writer.close()
    await writer.wait_closed()
    await link.close()
