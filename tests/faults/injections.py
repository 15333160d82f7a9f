"""What is done to a cluster under load; each leaves it whole again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.deeds import carry_out


@dataclass(frozen=True)
class Fault:
    """`hold_s` is how long it lasts where that is our choice; the short form takes a tenth."""

    name: str
    about: str
    inject: Callable[[Cluster, float, random.Random], Awaitable[None]]
    hold_s: float = 10.0


def _cut(what: str, direction: str) -> Callable[[Cluster, float, random.Random], Awaitable[None]]:
    async def inject(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
        node = dice.choice(cluster.nodes).name
        await carry_out(cluster, ["partition", node, what, direction])
        await asyncio.sleep(hold_s)
        await carry_out(cluster, ["heal", node])

    return inject


async def _kill_nodes(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + hold_s
    while loop.time() < end:
        node = dice.choice(cluster.nodes).name
        await carry_out(cluster, ["kill", node])
        await asyncio.sleep(dice.uniform(0.2, 1))
        await carry_out(cluster, ["start", node])
        await asyncio.sleep(dice.uniform(1, 4))


async def _failover(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    del hold_s, dice
    await carry_out(cluster, ["failover"])


async def _pause(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    node = dice.choice(cluster.nodes).name
    await carry_out(cluster, ["pause", node])
    await asyncio.sleep(hold_s)
    await carry_out(cluster, ["resume", node])


async def _crash_database(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    del hold_s, dice
    for _ in range(3):
        await carry_out(cluster, ["restart", cluster.postgres[0].name, "immediate"])
        await asyncio.sleep(1)


async def _kill_bus(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    del dice
    await carry_out(cluster, ["kill", "nats"])
    await asyncio.sleep(hold_s)
    await carry_out(cluster, ["start", "nats"])


async def _roll(cluster: Cluster, hold_s: float, dice: random.Random) -> None:
    del hold_s, dice
    for node in cluster.nodes:
        await carry_out(cluster, ["restart", node.name])
        await cluster.ready()


FAULTS = (
    Fault("kill", "kill -9 of a random node every few seconds", _kill_nodes, 30),
    Fault("pause", "SIGSTOP of a node, then SIGCONT", _pause, 20),
    Fault("bus", "NATS killed and started again", _kill_bus, 60),
    Fault("bus-both", "a node cut off from the bus", _cut("bus", "both")),
    Fault("bus-out", "a node that the bus does not hear", _cut("bus", "out")),
    Fault("bus-in", "a node that does not hear the bus", _cut("bus", "in")),
    Fault("database-both", "a node cut off from the database", _cut("database", "both")),
    Fault("database-out", "a node that the database does not hear", _cut("database", "out")),
    Fault("database-in", "a node that does not hear the database", _cut("database", "in")),
    Fault("rolling", "every node restarted, one after the other", _roll),
    Fault("crash", "immediate restart of PostgreSQL, three times", _crash_database),
    Fault("failover", "the primary killed, its synchronous standby promoted", _failover),
)
