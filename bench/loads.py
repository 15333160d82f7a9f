"""The loads: each bounded in time, each giving CPU per unit."""

import asyncio
import time
from typing import Any, Final, NamedTuple

import httpx

from bench.client import Client, connect
from bench.server import Seed, Server

TEXT: Final = "x" * 200
PAGES: Final = 300


class Figure(NamedTuple):
    """What a load came to; latencies in ms."""

    per_second: float
    cpu_us: float
    p50_ms: float = 0.0
    p99_ms: float = 0.0


async def pairs(server: Server, seed: Seed, seconds: float) -> Figure:
    """Each first member sends the next message after the last was acknowledged and delivered."""
    couples = [await _couple(server, seed, chat) for chat in seed.chats]
    latencies: list[float] = []
    end = time.perf_counter() + seconds
    cpu, begun = server.cpu_s, time.perf_counter()
    await asyncio.gather(*(_exchange(one, other, end, latencies) for one, other in couples))
    wall, cpu = time.perf_counter() - begun, server.cpu_s - cpu
    _close(client for couple in couples for client in couple)
    latencies.sort()
    return Figure(
        len(latencies) / wall,
        cpu / len(latencies) * 1e6,
        latencies[len(latencies) // 2] * 1e3,
        latencies[int(len(latencies) * 0.99)] * 1e3,
    )


async def _couple(server: Server, seed: Seed, chat: dict[str, Any]) -> tuple[Client, Client]:
    one, other = (seed.tokens[user] for user in chat["member_ids"][:2])
    chat_id = chat["chat_id"]
    return await connect(server.port, one, chat_id), await connect(server.port, other, chat_id)


async def _exchange(one: Client, other: Client, end: float, latencies: list[float]) -> None:
    while (begun := time.perf_counter()) < end:
        results, deliveries = one.results + 1, other.deliveries + 1
        one.send_message(TEXT)
        await one.until(results=results)
        await other.until(deliveries=deliveries)
        latencies.append(time.perf_counter() - begun)


async def room(server: Server, seed: Seed, in_flight: int, seconds: float) -> Figure:
    """Everyone has one chat open; so many messages are on their way at any time."""
    chat = seed.chats[0]
    members = [
        await connect(server.port, seed.tokens[user], chat["chat_id"])
        for user in chat["member_ids"]
    ]
    speakers = members[:in_flight]
    end = time.perf_counter() + seconds
    cpu, begun = server.cpu_s, time.perf_counter()
    counts = await asyncio.gather(*(_speak(speaker, end) for speaker in speakers))
    await asyncio.gather(*(member.until(deliveries=sum(counts)) for member in members))
    wall, cpu = time.perf_counter() - begun, server.cpu_s - cpu
    delivered = sum(member.deliveries for member in members)
    _close(members)
    await asyncio.sleep(0.2)
    return Figure(delivered / wall, cpu / delivered * 1e6)


async def _speak(speaker: Client, end: float) -> int:
    sent = 0
    while time.perf_counter() < end:
        sent += 1
        speaker.send_message(TEXT)
        await speaker.until(results=sent)
    return sent


async def idle(server: Server, seed: Seed) -> float:
    """Resident KB of a session that only is there."""
    before = server.rss_kb
    clients = [await connect(server.port, token) for token in seed.tokens.values()]
    await asyncio.sleep(1)
    kb = (server.rss_kb - before) / len(clients)
    _close(clients)
    return kb


async def history(server: Server, seed: Seed) -> Figure:
    """The newest page of 50 messages over HTTP, one after the other."""
    chat = seed.chats[0]
    token = seed.tokens[chat["member_ids"][0]]
    path = f"/api/v1/chats/{chat['chat_id']}/messages"
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{server.port}", headers={"authorization": f"Bearer {token}"}
    ) as http:
        (await http.get(path)).raise_for_status()
        cpu, begun = server.cpu_s, time.perf_counter()
        for _ in range(PAGES):
            (await http.get(path)).raise_for_status()
        wall, cpu = time.perf_counter() - begun, server.cpu_s - cpu
    return Figure(PAGES / wall, cpu / PAGES * 1e6)


def _close(clients: Any) -> None:  # noqa: ANN401
    for client in clients:
        client.transport.close()
