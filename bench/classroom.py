"""`make classroom`: a class gets in through one address, with the limits that are the default.

Everybody joins by one invitation, the server restarts, everybody logs in again, opens the group
and receives every message once and in order; meanwhile somebody at the same address guesses ten
thousand times a minute. Real sockets, a real server, nothing switched off. Fails where anybody
is refused, anything is missing, or a guess is right.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import uvloop
from websockets.asyncio.client import ClientConnection

from bench.browser import Answer, Browser
from bench.guesser import Guesser
from bench.server import Server, serving
from uptc_messenger.toolkit.tasks import TaskGroup

JOIN_WITHIN_S: Final = 120.0
LOG_IN_WITHIN_S: Final = 60.0
# The policy of the addresses' limit: 30 failed logins at once and one more every 30 seconds.
FAILURES: Final = 30
FAILURE_EVERY_S: Final = 30.0


class Plan(NamedTuple):
    """How many people, over how many seconds they arrive, how many messages they write."""

    people: int
    spread_s: float
    messages: int
    seed: int


class Phase(NamedTuple):
    """What one part of the lesson came to."""

    name: str
    wall_s: float
    cpu_s: float
    waits_s: list[float]
    refusals: list[str]

    def line(self) -> str:
        waits = sorted(self.waits_s) or [0.0]
        p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
        return (
            f"{self.name:28} {len(self.waits_s):4} in {self.wall_s:6.1f} s  "
            f"each {waits[len(waits) // 2]:5.2f} s (p50) {p99:5.2f} s (p99)  "
            f"server CPU {self.cpu_s:5.1f} s  refused {len(self.refusals)}"
        )


class Lesson(NamedTuple):
    """The whole run."""

    phases: list[Phase]
    guesser: Guesser
    faults: list[str]


class Student:
    """One person of the class, in one browser."""

    def __init__(self, number: int, port: int, rng: random.Random) -> None:
        self.username = f"student{number:03}"
        self.password = f"tres palabras y {rng.randrange(10**9)}"
        self.browser = Browser(port)
        self.heard: list[int] = []
        self.socket: ClientConnection | None = None

    async def join(self, invite: str) -> list[Answer]:
        """What the client does with a link: the page, the preview, the account, the chats."""
        account = {"username": self.username, "password": self.password, "invite": invite}
        return [
            await self.browser.get("/"),
            await self.browser.get("/api/v1/server"),
            await self.browser.post("/api/v1/invites/preview", {"invite": invite}),
            await self.browser.post("/api/v1/auth/register", account),
            await self.browser.get("/api/v1/chats"),
        ]

    async def log_in(self) -> list[Answer]:
        """On the device of the first time."""
        self.browser.cookies.pop("session")
        account = {"username": self.username, "password": self.password}
        return [await self.browser.post("/api/v1/auth/login", account)]

    async def open(self, chat_id: str) -> list[Answer]:
        """Open the group over a WebSocket."""
        self.socket = await self.browser.socket()
        await self.say({"type": "hello", "id": 1, "view": {"open": [chat_id]}})
        first = json.loads(await self.socket.recv())
        if first["type"] != "welcome":
            raise ConnectionError(first)
        return []

    async def send(self, chat_id: str, name: UUID) -> None:
        body = {"text": f"Presente: {self.username}"}
        await self.say(
            {
                "type": "message.send",
                "id": str(name),
                "chat_id": chat_id,
                "message_id": str(name),
                "body": body,
            }
        )

    async def listen(self, wanted: int) -> list[Answer]:
        """Read until so many messages have come."""
        assert self.socket is not None
        while len(self.heard) < wanted:
            frame = json.loads(await asyncio.wait_for(self.socket.recv(), 60))
            for item in cast("list[dict[str, Any]]", frame if isinstance(frame, list) else [frame]):
                await self._hear(item)
        return []

    async def _hear(self, item: dict[str, Any]) -> None:
        if item["type"] == "event" and item["kind"] == "message.new":
            self.heard.append(item["data"]["n"])
        elif item["type"] == "ping":
            await self.say({"type": "pong", "ts": item["ts"]})
        elif item["type"] == "error":
            raise ConnectionError(item)

    async def say(self, command: dict[str, Any]) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(command))


class Class:
    """The people, and the server that they are at now."""

    def __init__(self, plan: Plan, server: Server) -> None:
        self.plan = plan
        self.rng = random.Random(plan.seed)
        self.server = server
        self.students = [Student(i, server.port, self.rng) for i in range(plan.people)]
        self.guesser = Guesser(server.port, [s.username for s in self.students], plan.seed)
        self.phases: list[Phase] = []

    async def everybody(self, name: str, act: Callable[[Student], Awaitable[list[Answer]]]) -> None:
        """All do the same, each at a random moment of the time in which people arrive."""
        cpu, begun = self.server.cpu_s, time.perf_counter()
        waits: list[float] = []
        refusals: list[str] = []

        async def one(student: Student, late: float) -> None:
            await asyncio.sleep(late)
            since = time.perf_counter()
            try:
                answers = await act(student)
            except (OSError, TimeoutError) as error:
                refusals.append(f"{student.username}: {error!r}")
            else:
                refusals.extend(
                    f"{student.username}: {a.status} {a.body[:200]!r}"
                    for a in answers
                    if a.status >= 400
                )
            waits.append(time.perf_counter() - since)

        arrivals = [self.rng.uniform(0, self.plan.spread_s) for _ in self.students]
        await asyncio.gather(*map(one, self.students, arrivals))
        wall, cpu = time.perf_counter() - begun, self.server.cpu_s - cpu
        self.phases.append(Phase(name, wall, cpu, waits, refusals))

    async def write(self, chat_id: str) -> None:
        """Everybody writes, all at once, and everybody reads all of it."""
        sent = [self.students[i % len(self.students)] for i in range(self.plan.messages)]
        names = [UUID(int=self.rng.getrandbits(128), version=4) for _ in sent]
        speaking = asyncio.gather(
            *(s.send(chat_id, name) for s, name in zip(sent, names, strict=True))
        )
        await self.everybody("receive every message", lambda s: s.listen(self.plan.messages))
        await speaking


async def _prepare(server: Server) -> tuple[str, str]:
    """The owner with a group, and the link to it."""
    owner = Browser(server.port)
    account = {"username": "profe", "password": "cinco palabras de una profesora"}
    await owner.post("/api/v1/auth/owner", {**account, "code": server.owner_code()})
    group = await owner.post("/api/v1/chats", {"kind": "group", "title": "Redes", "member_ids": []})
    chat_id = group.json["chat_id"]
    link = await owner.post("/api/v1/invites", {"chat_ids": [chat_id]})
    owner.close()
    return chat_id, link.json["invite"]


async def _first_half(data: Path, plan: Plan) -> tuple[Class, str]:
    with serving(data, limits="on") as server:
        group = Class(plan, server)
        chat_id, invite = await _prepare(server)
        async with _guessing(group):
            await group.everybody("join by one link", lambda s: s.join(invite))
        for student in group.students:
            student.browser.close()
    return group, chat_id


async def _second_half(data: Path, group: Class, chat_id: str) -> None:
    with serving(data, limits="on", port=group.server.port) as server:
        group.server = server
        async with _guessing(group):
            await group.everybody("log in after a restart", Student.log_in)
            await group.everybody("open the group", lambda s: s.open(chat_id))
            await group.write(chat_id)
        for student in group.students:
            student.browser.close()
            if student.socket is not None:
                await student.socket.close()


@asynccontextmanager
async def _guessing(group: Class) -> AsyncGenerator[None]:
    """Somebody guesses meanwhile."""
    tasks = TaskGroup("guesser")
    tasks.start("guesses", group.guesser.run())
    try:
        yield
    finally:
        await tasks.close()


async def hold(plan: Plan) -> Lesson:
    """The lesson from beginning to end."""
    with tempfile.TemporaryDirectory(prefix="classroom-") as name:
        data = Path(name) / "data"
        group, chat_id = await _first_half(data, plan)
        await _second_half(data, group, chat_id)
    return Lesson(group.phases, group.guesser, list(_faults(group)))


def _faults(group: Class) -> Iterator[str]:
    plan, guesser = group.plan, group.guesser
    for phase in group.phases:
        yield from (f"{phase.name}: refused {refusal}" for refusal in phase.refusals)
    bounds = {"join by one link": JOIN_WITHIN_S, "log in after a restart": LOG_IN_WITHIN_S}
    for phase in group.phases:
        if phase.wall_s > bounds.get(phase.name, phase.wall_s):
            yield f"{phase.name}: took {phase.wall_s:.0f} s"
    wanted = list(range(1, plan.messages + 1))
    yield from (
        f"{student.username} heard {student.heard}"
        for student in group.students
        if student.heard != wanted
    )
    if guesser.wins:
        yield f"{guesser.wins} guesses were right"
    # The restart begins the count of failures anew.
    if guesser.hashed > 2 * FAILURES + guesser.seconds / FAILURE_EVERY_S:
        yield f"{guesser.hashed} guessed passwords were compared"


def main() -> None:
    """Hold a lesson and print what it came to."""
    options = argparse.ArgumentParser(prog="make classroom", description=__doc__)
    options.add_argument("--people", type=int, default=200)
    options.add_argument("--messages", type=int, default=200)
    options.add_argument("--spread", type=float, default=0.0, help="seconds over which they arrive")
    options.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = options.parse_args()
    plan = Plan(given.people, given.spread, given.messages, given.seed)
    print(f"{plan.people} people, one address, default limits, seed {plan.seed}", flush=True)
    lesson = uvloop.run(hold(plan))
    for phase in lesson.phases:
        print(phase.line())
    guesser = lesson.guesser
    print(
        f"guesser at the same address  {guesser.guesses} guesses, "
        f"{guesser.guesses / max(guesser.seconds, 1e-9) * 60:,.0f} a minute: {guesser.wins} right, "
        f"{guesser.hashed} passwords compared"
    )
    print("  " + ", ".join(f"{k} {s}: {n}" for (k, s), n in sorted(guesser.answers.items())))
    for fault in lesson.faults[:20]:
        print(f"FAULT {fault}")
    if not lesson.faults:
        print("Nobody was refused, everybody heard everything once and in order.")
    raise SystemExit(bool(lesson.faults))


if __name__ == "__main__":
    main()
