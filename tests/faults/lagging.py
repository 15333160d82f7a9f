"""A standby that nobody waits for lacks the last commits when it takes over."""

import asyncio

from tests.faults.town import Scene
from uptc_messenger.cluster.deeds import carry_out
from uptc_messenger.cluster.postgres import Postgres
from uptc_messenger.toolkit.ids import uuid7

_LATE_S = 20.0
_LOG_WENT_BACK = "THE LOG WENT BACK"
_NOBODY_WAITS = ("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
_NOTHING_COMES = ("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")


async def lose_the_last(scene: Scene) -> str:
    """What was acknowledged before the standby stood still is there; what came later may be gone.

    Nobody may have anything of both logs: neither of the one that ended, nor of this one.
    """
    primary, standby = scene.cluster.postgres
    await scene.removed.wait()
    await _run(primary, _NOBODY_WAITS)
    journals = [client.journal for client in scene.writers]
    before = [set(journal.promised) for journal in journals]
    await _until(standby, f"SELECT pg_last_wal_replay_lsn() >= '{await _end(primary)}'")
    await _run(standby, _NOTHING_COMES)
    await _until(standby, "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)")
    await asyncio.sleep(scene.hold_s)
    await primary.kill()
    scene.ended, scene.renewed, scene.announced = uuid7(), True, _LOG_WENT_BACK
    told: set[str] = set()
    for journal, kept in zip(journals, before, strict=True):
        journal.kept = kept
        told |= journal.promised.keys() - kept
    await carry_out(scene.cluster, ["failover"])
    there = {row[0] for row in await standby.execute("SELECT id::text FROM messages", "uptc")}
    if not told - there:
        scene.strange.append("the standby lacked nothing: this proves nothing")
    return f"{len(told)} acknowledged while it stood still, {len(told - there)} of them gone"


async def _run(server: Postgres, statements: tuple[str, ...]) -> None:
    for statement in statements:
        await server.execute(statement)


async def _end(primary: Postgres) -> str:
    return (await primary.execute("SELECT pg_current_wal_lsn()::text"))[0][0]


async def _until(server: Postgres, query: str) -> None:
    async with asyncio.timeout(_LATE_S):
        while not (await server.execute(query))[0][0]:  # noqa: ASYNC110 - of another program
            await asyncio.sleep(0.05)
