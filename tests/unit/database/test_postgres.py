"""What only a database server can do to us; the promises are in tests/contracts."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.postgres import Postgres
from uptc_messenger.database import DatabaseConfig, Transaction
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.database.store import Contended, Raced
from uptc_messenger.database.witness import Witness
from uptc_messenger.models.errors import Overloaded, Timeout, Unavailable
from uptc_messenger.toolkit.ids import uuid7


@asynccontextmanager
async def opened(url: str, **limits: Any) -> AsyncGenerator[PostgresStore, None]:
    store = PostgresStore(parse_url(url), DatabaseConfig(url=url, **limits))
    try:
        yield store
    finally:
        await store.close()


def one(connection: sa.Connection) -> int:
    return connection.execute(sa.text("SELECT 1")).scalar_one()


def setting(name: str) -> Callable[[sa.Connection], str]:
    return lambda connection: connection.execute(sa.text(f"SHOW {name}")).scalar_one()


def say(statement: str) -> Callable[[sa.Connection], Any]:
    return lambda connection: connection.execute(sa.text(statement))


OURS = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'uptc%'"
CUT = f"SELECT pg_terminate_backend(pid, 5000) FROM ({OURS}) AS ours"


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path):
    async with opened(f"postgresql://me@/name?host={tmp_path}") as store:
        for work in (store.transact(one), store.read(one), store.scan(one)):
            with pytest.raises(Unavailable) as caught:
                await work
            assert caught.value.retryable


async def test_connections_that_broke_meanwhile_are_not_noticed(server: Postgres):
    async with opened(server.url("postgres"), pool_size=1) as store:
        for ask in (store.transact, store.read, store.scan):
            assert await ask(one) == 1
        await server.execute(CUT)
        for ask in (store.transact, store.read, store.scan):
            assert await ask(one) == 1


async def test_a_connection_that_breaks_twice_is_unavailable_and_the_next_one_works(
    server: Postgres,
):
    cut = say("SELECT pg_terminate_backend(pg_backend_pid())")
    async with opened(server.url("postgres")) as store:
        for ask in (store.transact, store.read):
            with pytest.raises(Unavailable):
                await ask(cut)
            assert await ask(one) == 1


async def test_a_full_disk_is_told_as_one(server: Postgres):
    full = say("DO $$BEGIN RAISE SQLSTATE '53100'; END$$")
    async with opened(server.url("postgres")) as store:
        for ask in (store.transact, store.read):
            with pytest.raises(Unavailable) as caught:
                await ask(full)
            assert caught.value.sentence == "The disk is full."
            assert caught.value.details == {"reason": "disk_full"}
            assert await ask(one) == 1


async def test_a_row_that_two_nodes_add_at_the_same_moment_is_added_by_one(server: Postgres):
    table = sa.Table("absent", sa.MetaData(), sa.Column("name", sa.Text, primary_key=True))

    def add(connection: sa.Connection) -> bool:
        added = Transaction(connection, 0).add_absent(table, {"name": "sweep"})
        connection.execute(sa.text("SELECT pg_sleep(0.2)"))  # the other comes before the commit
        return added

    async with opened(server.url("postgres")) as one, opened(server.url("postgres")) as other:
        await one.transact(say("CREATE TABLE absent (name text PRIMARY KEY)"))
        assert sorted(await asyncio.gather(one.transact(add), other.transact(add))) == [False, True]


async def test_a_key_that_is_taken_may_be_looked_up_again(server: Postgres):
    async with opened(server.url("postgres")) as store:
        await store.transact(say("CREATE TABLE taken (n int PRIMARY KEY)"))
        await store.transact(say("INSERT INTO taken VALUES (1)"))
        with pytest.raises(Raced):
            await store.transact(say("INSERT INTO taken VALUES (1)"))


async def in_commit(server: Postgres, name: str, deed: str) -> str:
    """The statement whose transaction does the deed in its COMMIT."""
    await server.execute(f"CREATE TABLE {name} (n int)")
    await server.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN {deed}; RETURN NULL; END$$"
    )
    await server.execute(
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {name} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    return f"INSERT INTO {name} VALUES (1)"


@pytest.mark.parametrize(
    ("name", "deed"),
    [
        ("breaks", "PERFORM pg_terminate_backend(pg_backend_pid())"),
        # So a server says that it did not wait for its standby.
        ("warns", "RAISE WARNING 'canceling wait for synchronous replication'"),
    ],
)
async def test_a_commit_without_a_clear_answer_is_unknown(server: Postgres, name: str, deed: str):
    statement = await in_commit(server, name, deed)
    async with opened(server.url("postgres")) as store:
        with pytest.raises(Timeout) as caught:
            await store.transact(say(statement))
        assert caught.value.retryable
        assert await store.transact(one) == 1


async def test_a_commit_that_the_server_refuses_is_the_error_itself(server: Postgres):
    statement = await in_commit(server, "refuses", "RAISE EXCEPTION 'no'")
    async with opened(server.url("postgres")) as store:
        with pytest.raises(DBAPIError):
            await store.transact(say(statement))
        assert await store.transact(one) == 1


async def test_a_statement_that_takes_too_long_is_unavailable(server: Postgres):
    async with opened(server.url("postgres"), transaction_timeout_s=0.1) as store:
        for ask in (store.transact, store.read):
            with pytest.raises(Unavailable):
                await ask(say("SELECT pg_sleep(5)"))
            assert await ask(one) == 1


async def _relay(
    folder: Path, target: Path, through: asyncio.Event
) -> tuple[asyncio.Server, list[asyncio.StreamWriter], list[asyncio.Future[Any]]]:
    writers: list[asyncio.StreamWriter] = []
    talks: list[asyncio.Future[Any]] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while data := await reader.read(65_536):
            await through.wait()
            writer.write(data)
        writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(target)
        both = asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        talks.append(both)
        await asyncio.wait([both])

    return await asyncio.start_unix_server(accept, folder / ".s.PGSQL.5432"), writers, talks


async def test_a_server_that_falls_silent_is_cut_off_and_found_again(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("uptc_messenger.database.postgres._GRACE_S", 0.0)
    monkeypatch.setattr("uptc_messenger.database.dialing._PATIENCE_S", 1.0)
    through = asyncio.Event()
    through.set()
    relay, writers, talks = await _relay(tmp_path, server.sockets / ".s.PGSQL.5432", through)
    url = f"postgresql://postgres@/postgres?host={tmp_path}"
    async with opened(url, transaction_timeout_s=0.3) as store:
        assert await store.transact(one) == 1
        assert await store.read(one) == 1
        through.clear()
        for ask in (store.transact, store.read):
            with pytest.raises(Unavailable):
                await ask(one)
        through.set()
        assert await store.transact(one) == 1
        assert await store.read(one) == 1
    relay.close()
    for writer in writers:
        writer.close()
    await asyncio.gather(*talks, return_exceptions=True)


async def test_a_lock_that_another_node_holds_is_contended(server: Postgres):
    await server.execute("CREATE TABLE held (n int)")
    lock = "LOCK TABLE held IN ACCESS EXCLUSIVE MODE"
    async with (
        opened(server.url("postgres")) as other,
        opened(server.url("postgres"), transaction_timeout_s=0.2) as store,
    ):

        def hold(connection: sa.Connection) -> None:
            connection.execute(sa.text(lock))
            connection.execute(sa.text("SELECT pg_sleep(0.5)"))

        holding = asyncio.gather(other.transact(hold))
        with pytest.raises(Contended):
            await ask_until_refused(store, lock)
        await holding


async def ask_until_refused(store: PostgresStore, lock: str) -> None:
    while True:  # the first may come before the other has its lock
        await store.transact(say(lock))


async def test_readers_are_bounded(server: Postgres, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("uptc_messenger.database.postgres._WAIT_FOR_ONE_S", 0.05)
    async with opened(server.url("postgres"), pool_size=1) as store:
        busy = asyncio.gather(store.read(say("SELECT pg_sleep(0.4)")))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as caught:
            await asyncio.gather(store.read(one), store.read(one))
        assert caught.value.retry_after_ms
        await busy


async def test_the_log_is_durable_and_last_seen_need_not_be(server: Postgres):
    async with opened(server.url("postgres")) as store:
        commit = setting("synchronous_commit")
        assert await store.transact(commit) == "on"
        assert await store.transact(commit, durable=False) == "off"
        assert await store.transact(commit) == "on"
        assert await store.transact(setting("fsync"))


class Noting(Witness):
    """Notes when it is asked."""

    def __init__(self) -> None:
        super().__init__(uuid7())
        self.done: list[str] = []

    def attest(self, connection: sa.Connection) -> None:
        one(connection)
        self.done.append("attest")

    def attested(self) -> None:
        self.done.append("attested")

    def count(self, connection: sa.Connection) -> None:
        one(connection)
        self.done.append("count")

    def counted(self) -> None:
        self.done.append("counted")


async def test_a_witness_sees_each_new_connection_before_its_first_work_and_counts_commits(
    server: Postgres,
):
    url, seen = server.url("postgres"), Noting()
    store = PostgresStore(parse_url(url), DatabaseConfig(url=url), seen)

    def work(connection: sa.Connection) -> None:
        one(connection)
        seen.done.append("work")

    await store.transact(work)
    await store.transact(work)
    with pytest.raises(DBAPIError):
        await store.transact(say("SELECT nonsense"))
    await server.execute(CUT)
    await store.transact(work, durable=False)
    await store.close()
    new, kept = ["attest", "attested"], ["work", "count", "counted"]
    assert seen.done == [*new, *kept, *kept, *new, "work"]
