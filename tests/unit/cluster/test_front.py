import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from uptc_messenger.cluster.front import Backend, Front, answers


@asynccontextmanager
async def node(status: list[int], name: str) -> AsyncGenerator[str, None]:
    """A server that says its name, and is as ready as its status."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status[0]} X\r\nContent-Length: {len(name)}\r\nConnection: close\r\n\r\n"
        writer.write((head + name).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def until_ready(front: Front, ready: set[str]) -> None:
    async with asyncio.timeout(10):
        while {b.name for b in front.backends if b.ready} != ready:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_new_connections_go_to_ready_nodes_only():
    healthy, draining = [200], [200]
    async with node(healthy, "a") as a, node(draining, "b") as b:
        front = Front([Backend("a", lambda: a), Backend("b", lambda: b)])
        await front.open(0)
        async with httpx.AsyncClient(base_url=front.address) as client:
            assert (await client.get("/")).status_code == 503
            front.watch()
            await until_ready(front, {"a", "b"})
            draining[0] = 503
            await until_ready(front, {"a"})
            assert {(await client.get("/")).text for _ in range(5)} == {"a"}
        await front.close()


async def test_split_by_role_a_socket_goes_to_a_gateway_and_a_request_to_an_api():
    async with node([200], "gateway") as one, node([200], "api") as two, node([200], "w") as three:
        front = Front(
            [
                Backend("gateway", lambda: one, ready=True, roles="gateway"),
                Backend("api", lambda: two, ready=True, roles="api"),
                Backend("worker", lambda: three, ready=True, roles="worker"),
            ]
        )
        await front.open(0)
        async with httpx.AsyncClient(base_url=front.address) as client:
            for path, who in (("/", "api"), ("/api/v1/ws", "gateway"), ("/api/v1/chats", "api")):
                assert [(await client.get(path)).text for _ in range(2)] == [who, who]
            front.backends[1].ready = False
            assert (await client.get("/")).status_code == 503
        await front.close()


async def test_the_one_with_the_fewest_connections_gets_the_next():
    async with node([200], "a") as a, node([200], "b") as b:
        front = Front([Backend("a", lambda: a, ready=True), Backend("b", lambda: b, ready=True)])
        await front.open(0)
        port = int(front.address.rpartition(":")[2])
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        async with asyncio.timeout(10):
            while [len(backend.connections) for backend in front.backends] != [2, 2]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        for _, writer in held:
            writer.close()
        await front.close()


async def test_a_node_that_is_gone_is_passed_over():
    async with node([200], "b") as b:
        gone = Backend("a", lambda: "http://127.0.0.1:1", ready=True)
        front = Front([gone, Backend("b", lambda: b, ready=True)])
        await front.open(0)
        async with httpx.AsyncClient(base_url=front.address) as client:
            assert (await client.get("/")).text == "b"
        assert not gone.ready
        await front.close()
    assert not await answers("")
