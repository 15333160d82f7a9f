"""What one node can know of a database; servers that really take over: test_renewing.py."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest_asyncio
import sqlalchemy as sa

from tests.postgres import Postgres
from uptc_messenger.database import (
    Database,
    DatabaseConfig,
    Reader,
    Transaction,
    open_database,
    witness,
)
from uptc_messenger.database.derived import writers
from uptc_messenger.database.installation import identify
from uptc_messenger.database.witness import Witness
from uptc_messenger.toolkit.ids import uuid7

CUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name ~ 'uptc'"


class Node:
    """A database as one node has it open, and what its witness told."""

    def __init__(self, database: Database, seen: Witness) -> None:
        self.database = database
        self.witness = seen
        self.begun: list[str] = []
        self.moved: list[str] = []
        seen.begun, seen.moved = self.begun.append, self.moved.append

    async def run(self, statement: sa.Executable) -> None:
        await self.database.write(lambda tx: tx.run(statement))

    async def commits(self) -> int:
        query = sa.select(writers.c.commits).where(writers.c.node == self.witness.node)
        return await self.database.read(lambda reader: reader.value(query))

    async def epoch(self) -> str | None:
        return await self.database.read(witness.log_epoch)


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Node, None]:
    seen = Witness(uuid7())
    database = await open_database(DatabaseConfig(url=url), witness=seen)
    node = Node(database, seen)
    seen.log_epoch = (await identify(database)).log_epoch
    yield node
    await database.close()


@pytest_asyncio.fixture
async def url(server: Postgres) -> str:
    name = f"test_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


def count(reader: Reader) -> int:
    return reader.value(sa.select(sa.func.count(writers.c.node)))


def nothing(tx: Transaction) -> None:
    del tx


def goes_back(node: Node, commits: int) -> sa.Update:
    return sa.update(writers).where(writers.c.node == node.witness.node).values(commits=commits)


async def test_a_server_that_has_everything_changes_nothing(url: str, server: Postgres):
    async with opened(url) as node:
        before = await node.commits()
        await node.database.write(nothing)
        assert await node.commits() == before + 1
        await server.execute(CUT)
        await node.database.write(nothing)
        assert (node.begun, node.moved) == ([], [])


async def test_a_commit_that_is_gone_begins_another_log_once_for_all(url: str, server: Postgres):
    async with opened(url) as one, opened(url) as other:
        old = await one.epoch()
        for _ in range(3):
            await one.database.write(nothing)
            await other.database.write(nothing)
        # As a server has them that lacks the last commits of both.
        await one.run(goes_back(other, 1))
        await other.run(goes_back(one, 1))
        await server.execute(CUT)
        await one.database.write(nothing)
        await other.database.write(nothing)
        new = await one.epoch()
        assert new != old
        assert one.begun == other.begun == [new]
        await server.execute(CUT)
        await one.database.write(nothing)
        await other.database.write(nothing)
        assert one.begun == other.begun == [new], "only once"


async def test_who_was_let_go_comes_back_where_it_was(url: str, server: Postgres):
    async with opened(url) as node:
        gone = sa.delete(writers)
        await node.run(gone)
        await server.execute(CUT)
        await node.database.write(nothing)
        assert node.begun == []
        # But where the server has another history, it never came there.
        node.witness.timeline = "0000000F"
        await node.run(gone)
        node.database.witness = None
        await server.execute(CUT)
        await node.run(sa.select(1))
        assert len(node.moved) == 1


async def stray(node: Node, *, waits: bool, timeline: str = "0") -> None:
    """A node that counted on another server and has not come since."""
    values = {"node": uuid7(), "commits": 7, "timeline": timeline, "waits": waits, "seen_at": 0}
    await node.run(sa.insert(writers).values(values))


async def judge(node: Node) -> bool:
    timeline, old = node.witness.timeline or "", node.witness.log_epoch or ""
    assert await node.database.read(lambda reader: witness.missing(reader, timeline))
    judged = await node.database.write(lambda tx: witness.account(tx, timeline, old))
    assert not await node.database.read(lambda reader: witness.missing(reader, timeline))
    return judged


async def test_who_did_not_come_lost_something_unless_a_standby_had_it_too(url: str):
    async with opened(url) as node:
        old = await node.epoch()
        await stray(node, waits=True)
        assert not await judge(node)
        assert await node.epoch() == old
        await stray(node, waits=False)
        assert await judge(node)
        node.witness.learn(await node.epoch())
        assert node.begun == [await node.epoch()]
        assert node.begun != [old]


async def test_nodes_that_ended_long_ago_are_forgotten(url: str):
    async with opened(url) as node:
        timeline = node.witness.timeline or ""
        await stray(node, waits=False, timeline=timeline)
        assert await node.database.read(count) == 2
        await node.database.write(lambda tx: witness.tidy(tx, timeline))
        assert await node.database.read(count) == 1
        await node.database.write(node.witness.leave)
        await node.database.write(nothing)
        assert await node.database.read(count) == 0
