"""What is done to a cluster under load; each leaves it whole again."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.faults.clock import jump, set_up
from tests.faults.disk import fill_the_disk
from tests.faults.drill import Fault
from tests.faults.lagging import lose_the_last
from tests.faults.races import race
from tests.faults.restoring import restore
from tests.faults.slow import read_nothing
from tests.faults.town import Scene
from uptc_messenger.cluster.deeds import carry_out


def _cut(what: str, direction: str) -> Callable[[Scene], Awaitable[str]]:
    async def inject(scene: Scene) -> str:
        node = scene.victim.name
        await carry_out(scene.cluster, ["partition", node, what, direction])
        await asyncio.sleep(scene.hold_s)
        await carry_out(scene.cluster, ["heal", node])
        return f"{scene.hold_s:.0f} s"

    return inject


async def _kill_nodes(scene: Scene) -> str:
    loop = asyncio.get_running_loop()
    end = loop.time() + scene.hold_s
    nodes = [node.name for node in scene.cluster.nodes if node is not scene.safe]
    killed = 0
    while loop.time() < end:
        node = scene.dice.choice(nodes)
        await carry_out(scene.cluster, ["kill", node])
        await asyncio.sleep(scene.dice.uniform(0.2, 1))
        await carry_out(scene.cluster, ["start", node])
        await asyncio.sleep(scene.dice.uniform(1, 4))
        killed += 1
    return f"{killed} killed"


async def _failover(scene: Scene) -> str:
    await carry_out(scene.cluster, ["failover"])
    return f"{scene.cluster.postgres[0].name} is the primary"


async def _follow(scene: Scene) -> None:
    await carry_out(scene.cluster, ["follow"])


async def _pause(scene: Scene) -> str:
    node = scene.victim.name
    await carry_out(scene.cluster, ["pause", node])
    await asyncio.sleep(scene.hold_s)
    await carry_out(scene.cluster, ["resume", node])
    return f"{scene.hold_s:.0f} s"


async def _crash_database(scene: Scene) -> str:
    for _ in range(3):
        await carry_out(scene.cluster, ["restart", scene.cluster.postgres[0].name, "immediate"])
        await asyncio.sleep(1)
    return ""


async def _kill_bus(scene: Scene) -> str:
    await carry_out(scene.cluster, ["kill", "nats"])
    await asyncio.sleep(scene.hold_s)
    await carry_out(scene.cluster, ["start", "nats"])
    return f"{scene.hold_s:.0f} s"


async def _roll(scene: Scene) -> str:
    for node in scene.cluster.nodes:
        await carry_out(scene.cluster, ["restart", node.name])
        await scene.cluster.ready()
    return ""


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
    Fault(
        "clock",
        "the clock of a node an hour on, an hour back, two days on",
        jump,
        20,
        prepare=set_up,
    ),
    Fault("slow", "people who read nothing while the room is busy", read_nothing, 55),
    Fault("races", "fifty at once want what only one may have", race, 40),
    Fault("rolling", "every node restarted, one after the other", _roll, touches_all=True),
    Fault(
        "crash", "immediate restart of PostgreSQL, three times", _crash_database, touches_all=True
    ),
    Fault(
        "failover",
        "the primary killed, its synchronous standby promoted",
        _failover,
        touches_all=True,
        mend=_follow,
    ),
    Fault(
        "lagging",
        "the primary killed, a standby promoted that lacks the last commits",
        lose_the_last,
        5,
        touches_all=True,
        mend=_follow,
    ),
    Fault(
        "restore",
        "a backup while all write, and its restore a while later",
        restore,
        10,
        touches_all=True,
    ),
    Fault(
        "disk",
        "the disk of the database full",
        fill_the_disk,
        10,
        touches_all=True,
        small_disk=True,
    ),
)
