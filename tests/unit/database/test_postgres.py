"""What only a database server can do to us; the promises are in tests/contracts."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests import postgres
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.models.errors import Unavailable

needed = pytest.mark.skipif(postgres.binaries() is None, reason="no PostgreSQL is installed")


def one(connection: sa.Connection) -> int:
    return connection.execute(sa.text("SELECT 1")).scalar_one()


def cut(connection: sa.Connection) -> None:
    connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path):
    url = sa.make_url(f"postgresql://me@/name?host={tmp_path}")
    store = PostgresStore(url, pool_size=1)
    for work in (store.transact(one), store.read(one), store.scan(one)):
        with pytest.raises(Unavailable) as caught:
            await work
        assert caught.value.retryable
    await store.close()


@needed
async def test_a_connection_that_breaks_is_unavailable_and_the_next_one_works():
    with postgres.serving() as server:
        store = PostgresStore(sa.make_url(server.url("postgres")), pool_size=2)
        with pytest.raises(Unavailable):
            await store.transact(cut)
        with pytest.raises(Unavailable):
            await store.read(cut)
        assert await store.transact(one) == 1
        assert await store.read(one) == 1
        await store.close()
