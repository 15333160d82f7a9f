"""One fault under load, and the judgement on what everybody wrote down."""

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.client import Client, Journal
from tests.faults.injections import Fault
from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.toolkit.tasks import TaskGroup

PASSWORD = "una clave de prueba"
SETTLE_S = 30.0
WARM_S = 3.0


@dataclass(frozen=True)
class Row:
    """What one fault came to."""

    fault: Fault
    acknowledged: int
    lost: int
    doubled: int
    disordered: int
    strange: list[str]
    recovery_s: float
    p99_ms: float

    @property
    def good(self) -> bool:
        """Whether every promise held."""
        wrong = self.lost or self.doubled or self.disordered or self.strange
        return not wrong and self.recovery_s <= 10


@dataclass(frozen=True)
class Town:
    """People in chats, and one who is in none of them."""

    chats: list[tuple[str, list[str]]]
    stranger: tuple[str, str]


async def seed(cluster: Cluster, chats: int, members: int, prefix: str) -> Town:
    """Make accounts and chats, past the nodes."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uptc_messenger", "dev", "seed", "--password", PASSWORD),
        *("--users", str((chats + 1) * members), "--chats", str(chats + 1)),
        *("--members", str(members), "--prefix", prefix),
        env={
            **os.environ,
            "UPTC_DATABASE": cluster.database_url(),
            "UPTC_DATA": str(cluster.data / "seed"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await process.communicate()
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    tokens = {line["user_id"]: line["token"] for line in lines if "token" in line}
    made = [
        (line["chat_id"], [tokens[user] for user in line["member_ids"]])
        for line in lines
        if "chat_id" in line
    ]
    return Town(made[:-1], (made[-1][0], made[-1][1][0]))


async def drill(cluster: Cluster, fault: Fault, hold_s: float, seed_number: int) -> Row:
    """Load, break, mend, wait until all know all, and judge."""
    dice = random.Random(f"{seed_number} {fault.name}")
    town = await seed(cluster, 2, 4, f"{fault.name.replace('-', '')}{time.time_ns() % 10**6}x")
    clients = [
        Client(lambda: cluster.front.address, token, chat)
        for chat, tokens in town.chats
        for token in tokens
    ]
    stranger = Client(lambda: cluster.front.address, town.stranger[1], town.stranger[0])
    stranger.writing = False
    group = TaskGroup("clients")
    for client in [*clients, stranger]:
        group.start("client", client.run())
    try:
        await asyncio.sleep(WARM_S)
        await fault.inject(cluster, hold_s, dice)
        healed = time.monotonic()
        await _until(lambda: all(_after(c, healed) for c in clients))
        recovery = max(_first_after(c, healed) for c in clients)
        for client in clients:
            client.writing = False
        await asyncio.sleep(1)
        heads = await _heads(cluster, [chat for chat, _ in town.chats])
        await _until(lambda: all(c.cursor >= heads[c.chat_id] for c in clients))
    finally:
        await group.close()
    return await _report(cluster, fault, clients, recovery)


async def _until(true: Callable[[], bool]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_S):
            while not true():  # noqa: ASYNC110 - the condition is in many clients
                await asyncio.sleep(0.05)


def _after(client: Client, when: float) -> bool:
    return any(at > when for at in client.journal.answered_at[-3:])


def _first_after(client: Client, when: float) -> float:
    return next((at - when for at in client.journal.answered_at if at > when), SETTLE_S)


async def _heads(cluster: Cluster, chats: Sequence[str]) -> dict[str, int]:
    listed = ", ".join(f"'{chat}'" for chat in chats)
    rows = await cluster.postgres[0].execute(
        f"SELECT id::text, last_seq FROM chats WHERE id IN ({listed})", "uptc"
    )
    return {row[0]: row[1] for row in rows}


async def _report(
    cluster: Cluster, fault: Fault, clients: Sequence[Client], recovery_s: float
) -> Row:
    sums = [0, 0, 0]
    strange: list[str] = []
    for chat in {client.chat_id for client in clients}:
        rows = await cluster.postgres[0].execute(
            f"SELECT seq, id::text FROM messages WHERE chat_id = '{chat}' ORDER BY seq", "uptc"
        )
        here = [client.journal for client in clients if client.chat_id == chat]
        *counts, told = judge([(row[0], row[1]) for row in rows], here)
        sums = [one + other for one, other in zip(sums, counts, strict=True)]
        strange += told
    latencies = sorted(t for client in clients for t in client.journal.latencies)
    return Row(
        fault=fault,
        acknowledged=sum(len(client.journal.promised) for client in clients),
        lost=sums[0],
        doubled=sums[1],
        disordered=sums[2],
        strange=strange,
        recovery_s=recovery_s,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000 if latencies else 0,
    )


def judge(
    rows: Sequence[tuple[int, str]], journals: Sequence[Journal]
) -> tuple[int, int, int, list[str]]:
    """What was promised and is not in a chat's log, what is there twice, who has it otherwise."""
    log = {name: seq for seq, name in rows}
    tried = {name for journal in journals for name in journal.tried}
    strange = [told for journal in journals for told in journal.strange]
    strange += [f"nobody sent {name}" for name in log if name not in tried]
    lost = sum(log.get(name) != seq for j in journals for name, seq in j.promised.items())
    order = sorted((seq, name) for seq, name in rows)
    # What is not a message is named by its kind, which has a dot in it.
    heard = [[(seq, name) for seq, name in j.applied if "." not in name] for j in journals]
    return lost, len(rows) - len(log), sum(one != order for one in heard), strange
