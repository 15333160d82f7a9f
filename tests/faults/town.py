"""Who takes part in a drill: those it is done to, bystanders, one who leaves, a stranger."""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from tests.faults.client import Client
from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.toolkit.tasks import TaskGroup

PASSWORD = "una clave de prueba"
MEMBERS = 5
_CHATS = 4
"""Two for those it is done to, one for the bystanders, one for the stranger."""


@dataclass(frozen=True)
class Account:
    """Somebody with a session."""

    user_id: str
    username: str
    token: str


@dataclass(frozen=True)
class Group:
    """A chat and those who are in it; the first of them owns it."""

    chat_id: str
    members: Sequence[Account]


async def seed(cluster: Cluster, users: int, chats: int, members: int) -> tuple[Any, ...]:
    """Make accounts and chats, past the nodes; returns (accounts, groups)."""
    prefix = f"u{time.time_ns() // 1000 % 10**9}x"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uptc_messenger", "dev", "seed", "--password", PASSWORD),
        *("--users", str(users), "--chats", str(chats), "--members", str(members)),
        *("--prefix", prefix),
        env={**os.environ, "UPTC_DATA": str(cluster.data / "seed"), **direct(cluster)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    lines: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    accounts = {
        line["user_id"]: Account(line["user_id"], line["username"], line["token"])
        for line in lines
        if "token" in line
    }
    groups = [
        Group(line["chat_id"], [accounts[user_id] for user_id in line["member_ids"]])
        for line in lines
        if "chat_id" in line
    ]
    return list(accounts.values()), groups


def direct(cluster: Cluster) -> dict[str, str]:
    """The environment of a command that goes to the database past every link."""
    return {"UPTC_DATABASE": cluster.database_url()}


def _failure(line: dict[str, Any]) -> str:
    """A line of a log in one line, with what was raised."""
    raised = line.get("exception", "").strip().splitlines()
    causes = [one for one in raised if one and not one[0].isspace() and "Error" in one]
    return " ".join([line["event"], line.get("task", ""), *causes])


@dataclass
class Scene:
    """A drill under way: what it is done to, and who looks on."""

    cluster: Cluster
    hold_s: float
    dice: random.Random
    victim: Node
    safe: Node
    """A node that is spared: nobody of the chats that it is done to is there."""

    other: Node
    """Where the rest of them are."""

    groups: Sequence[Group] = ()
    clients: list[Client] = field(default_factory=list[Client])
    bystanders: list[Client] = field(default_factory=list[Client])
    readers: list[Client] = field(default_factory=list[Client])
    """Further devices that only read."""

    stranger: Client | None = None
    leaver: Client | None = None
    removed: asyncio.Event = field(default_factory=asyncio.Event)
    logs: dict[str, int] = field(default_factory=dict[str, int])
    """How long the log of each node was at the beginning."""

    renewed: bool = False
    """The log has another epoch now."""

    ended: str = ""
    """A message id from the moment at which the log before it ended: later ones are of this one."""

    announced: str = ""
    """What each node has to log as an error, once."""

    strange: list[str] = field(default_factory=list[str])
    """What the fault itself saw and must never be."""

    tasks: TaskGroup = field(default_factory=lambda: TaskGroup("scene"))

    @property
    def writers(self) -> list[Client]:
        """All who send."""
        return [*self.clients, *self.bystanders]

    @property
    def copies(self) -> list[Client]:
        """All whose copies have to be the log in the end."""
        return [*self.writers, *self.readers]

    def through(self, *nodes: Node) -> str:
        """The first node that the front reaches; the front's own address where it reaches none."""
        ready = {backend.name for backend in self.cluster.front.backends if backend.ready}
        reached = [node.address for node in nodes if node.name in ready]
        return next(iter(reached), self.cluster.front.address)

    def remember_logs(self) -> None:
        """What was logged before is not judged."""
        self.logs = {node.name: node.log.stat().st_size for node in self.cluster.nodes}

    def errors(self) -> list[str]:
        """What the nodes logged as a failure of their own since then."""
        found: list[str] = []
        for node in self.cluster.nodes:
            with node.log.open("rb") as log:
                log.seek(self.logs[node.name])
                lines = [line for line in log if b'"level": "error"' in line]
            told: list[dict[str, Any]] = [json.loads(line) for line in lines]
            due = [one for one in told if self.announced and self.announced in one["event"]]
            found += [f"{node.name}: {_failure(one)}" for one in told if one not in due]
            if len(due) != bool(self.announced):
                found.append(f"{node.name} said {len(due)} times: {self.announced}")
        return found

    async def people(self) -> None:
        """Seat everybody: half of those it is done to are at the victim, bystanders apart."""
        _, groups = await seed(self.cluster, _CHATS * MEMBERS, _CHATS, MEMBERS)
        self.groups = groups
        *ours, calm, foreign = groups
        for group in ours:
            for number, account in enumerate(group.members[:-1]):
                near = [self.victim, self.other][:: -1 if number % 2 else 1]
                address = partial(self.through, *near)
                self.clients.append(Client(address, account.token, group.chat_id))
        for account in calm.members:
            client = Client(lambda: self.safe.address, account.token, calm.chat_id)
            client.pace_s = 0.2
            self.bystanders.append(client)
        self.stranger = self._silent(foreign.members[0], foreign.chat_id)
        self.stranger.prying = [group.chat_id for group in (*ours, calm)]
        self.leaver = self._silent(ours[0].members[-1], ours[0].chat_id)
        for client in (*self.writers, self.stranger, self.leaver):
            self.tasks.start("client", client.run())

    def _silent(self, account: Account, chat_id: str) -> Client:
        address = partial(self.through, self.other, self.victim)
        client = Client(address, account.token, chat_id)
        client.writing = False
        return client

    async def remove(self) -> None:
        """Take the last member out of the first chat, however often that has to be asked for."""
        group = self.groups[0]
        path = f"/api/v1/chats/{group.chat_id}/members/{group.members[-1].user_id}"
        headers = {"authorization": f"Bearer {group.members[0].token}"}
        while not self.removed.is_set():
            try:
                async with httpx.AsyncClient(timeout=5) as http:
                    answer = await http.delete(self.cluster.front.address + path, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code in {204, 404}:
                self.removed.set()
            await asyncio.sleep(0.2)
