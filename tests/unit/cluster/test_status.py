import asyncio

from uptc_messenger.cluster.status import aligned, read_figures

PAGE = b"""HTTP/1.1 200 OK\r
\r
# HELP uptc_sockets Open sessions.
uptc_sockets 3.0
uptc_frames_delivered_total 12.0
"""


async def test_figures_are_read_and_a_node_that_is_silent_has_none():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    found = await read_figures(f"http://127.0.0.1:{port}")
    server.close()
    assert found == {"sockets": 3.0, "frames_delivered": 12.0}
    assert await read_figures("http://127.0.0.1:1") == {}


def test_columns_are_aligned():
    assert aligned([("a", "bb"), ("ccc", "d")]) == "a    bb\nccc  d"
