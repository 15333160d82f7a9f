import asyncio

import pytest
import sqlalchemy as sa

from tests.postgres import Postgres
from uptc_messenger.database import Database, DatabaseConfig
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.lane import Lane
from uptc_messenger.database.locks import NOTHING, Needs, hold
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.database.schema import users
from uptc_messenger.database.transaction import Transaction
from uptc_messenger.toolkit.ids import uuid7


async def test_sqlite_needs_no_locks(database: Database):
    def nothing(tx: Transaction) -> None:
        hold(tx._connection, [Needs(chat_id="not even an id")])

    await database.write(nothing)
    assert NOTHING.durable


@pytest.mark.parametrize("needed", [True, False], ids=["in order", "not known before"])
async def test_two_nodes_whose_batches_overlap_both_finish(server: Postgres, needed: bool):
    """Without the order one of them is undone by the server, and tried again."""
    name = f"locks_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    url = server.url(name)
    await upgrade(parse_url(url))
    people = [uuid7() for _ in range(2)]
    nodes = [_node(url) for _ in range(2)]

    def add(tx: Transaction) -> None:
        for person in people:
            row = {"id": person, "username": person, "display_name": "x", "search_key": "x"}
            tx.run(sa.insert(users), {**row, "created_at": 0})

    def touch(person: str, tx: Transaction) -> None:
        tx.run(sa.update(users).where(users.c.id == person).values(useq=users.c.useq + 1))
        # Long enough for the other node's batch to take its first lock.
        tx.all(sa.text("SELECT pg_sleep(0.1)"))

    await nodes[0].write(add)
    asked = [
        node.write(lambda tx, p=person: touch(p, tx), Needs(user_id=person) if needed else NOTHING)
        for node, order in zip(nodes, (people, people[::-1]), strict=True)
        for person in order
    ]
    await asyncio.gather(*asked)
    total = sa.select(sa.func.sum(users.c.useq))
    assert await nodes[0].read(lambda reader: reader.value(total)) == 4
    for node in nodes:
        await node.close()


def _node(url: str) -> Database:
    config = DatabaseConfig(url=url)
    store = PostgresStore(parse_url(url), config)
    return Database(store, Lane(store, config, lambda: 0, lambda _: None))
