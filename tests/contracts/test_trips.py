"""How often a send goes to PostgreSQL and back: the same for any number of anything."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.core import World, installed
from uptc_messenger.database.prepared import Write
from uptc_messenger.database.schema import members as members_table
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.toolkit.ids import uuid7
from uptc_messenger.toolkit.tasks import TaskGroup

SOCKET = ".s.PGSQL.5432"
READY = ord("Z")
BEGIN_READ_WRITE_COMMIT = 4
MEMBERS = Write(sa.insert(members_table), "chat_id", "user_id", "role", "joined_seq", "joined_at")


class Counter:
    """Stands between a node and the server, and counts how often the server is ready again."""

    def __init__(self, server: str) -> None:
        self.trips = 0
        self._server = server
        self.tasks = TaskGroup("counter")

    async def serve(self, node: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_unix_connection(self._server)
        self.tasks.start("ask", self._ask(node, server))
        self.tasks.start("answer", self._answer(answers, back))

    async def _ask(self, node: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await node.read(65_536):
            server.write(data)
        server.close()

    async def _answer(self, answers: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await answers.readexactly(5)
                body = await answers.readexactly(int.from_bytes(head[1:], "big") - 4)
                self.trips += head[0] == READY
                back.write(head + body)
        back.close()


@contextlib.asynccontextmanager
async def counted(url: str) -> AsyncGenerator[tuple[World, Counter], None]:
    address, _, folder = url.rpartition("host=")
    counter = Counter(f"{folder}/{SOCKET}")
    with tempfile.TemporaryDirectory(prefix="uptc-") as name:
        between = await asyncio.start_unix_server(counter.serve, Path(name) / SOCKET)
        async with installed(f"{address}host={name}") as world:
            yield world, counter
        between.close()
        await counter.tasks.close()


async def crowd(world: World, size: int) -> tuple[UserId, ChatId]:
    """Somebody in a chat of so many; most of them are nobody but a row."""
    owner, other = await world.users(f"ana{size}", f"luis{size}")
    chat = await world.group(owner, other)
    row = {"chat_id": chat, "role": "member", "joined_seq": 0, "joined_at": 0}
    rows = [{**row, "user_id": uuid7()} for _ in range(size - 2)]
    await world.database.write(lambda tx: tx.write(MEMBERS, rows))
    return owner, chat


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_send_is_four_trips_whatever_the_members_the_history_and_the_company(url: str):
    async with counted(url) as (world, counter):
        for members in (2, 50, 1_000):
            owner, chat = await crowd(world, members)
            first = await world.say(owner, chat, "uno")
            for company in (1, 64, 1):
                before, commits = counter.trips, world.database.lane.commits
                sends = [world.send(owner, chat, "x", reply_to=first) for _ in range(company)]
                await asyncio.gather(*sends)
                # What is prepared for the first time takes more.
                if (members, company) == (2, 1):
                    continue
                assert world.database.lane.commits - commits == 1
                assert counter.trips - before == BEGIN_READ_WRITE_COMMIT, (members, company)
