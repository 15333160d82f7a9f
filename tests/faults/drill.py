"""One fault under load, until all know all; the verdict is in `verdict.py`."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.faults.client import Client
from tests.faults.town import Scene
from tests.faults.verdict import Row, Times, heads, report
from uptc_messenger.cluster.cluster import Cluster

SETTLE_S = 30.0
WARM_S = 3.0


async def nothing(scene: Scene) -> None:
    """No preparation, or nothing to mend."""
    del scene


@dataclass(frozen=True)
class Fault:
    """`hold_s` is how long it lasts where that is our choice; the short form takes a part."""

    name: str
    about: str
    inject: Callable[[Scene], Awaitable[str]]
    """Does it, undoes it, and returns what was seen, for the table."""

    hold_s: float = 10.0
    touches_all: bool = False
    """Nobody is a bystander."""

    prepare: Callable[[Scene], Awaitable[None]] = nothing
    mend: Callable[[Scene], Awaitable[None]] = nothing
    """Makes the cluster whole again for the next."""

    small_disk: bool = False
    """Needs a cluster whose database has little room."""


async def drill(cluster: Cluster, fault: Fault, hold_s: float, seed_number: int) -> Row:
    """Load, break, mend, wait until all know all, and judge."""
    dice = random.Random(f"{seed_number} {fault.name}")
    shuffled = dice.sample(cluster.nodes, len(cluster.nodes))
    victim, safe, other = (shuffled * 2)[:3]
    scene = Scene(cluster, hold_s, dice, victim, safe, other)
    await fault.prepare(scene)
    scene.remember_logs()
    await scene.people()
    try:
        await _until(lambda: all(client.journal.answers for client in scene.writers))
        await asyncio.sleep(min(WARM_S, hold_s))
        row = await _break(scene, fault)
    finally:
        await scene.tasks.close()
    await fault.mend(scene)
    return row


async def _break(scene: Scene, fault: Fault) -> Row:
    began = time.monotonic()
    removal = scene.tasks.start("removal", _remove_in_the_midst(scene))
    note = await fault.inject(scene)
    healed = time.monotonic()
    await _until(lambda: all(_serves(client, healed) for client in scene.writers))
    if (await asyncio.wait([removal], timeout=SETTLE_S))[1]:
        scene.strange.append("a member could not be removed")
    for client in scene.writers:
        client.writing = False
    await asyncio.sleep(1)
    ends = await heads(scene)
    await _until(lambda: all(client.cursor >= ends[client.chat_id] for client in scene.copies))
    spared = not fault.touches_all
    return await report(scene, fault.name, Times(began, healed), note, spared=spared)


async def _remove_in_the_midst(scene: Scene) -> None:
    await asyncio.sleep(min(scene.hold_s * 0.3, 3))
    await scene.remove()


def _serves(client: Client, since: float) -> bool:
    return client.journal.first_after(since) is not None


async def _until(true: Callable[[], bool]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_S):
            while not true():  # noqa: ASYNC110 - the condition is in many clients
                await asyncio.sleep(0.05)
