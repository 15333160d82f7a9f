import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from tests.postgres import Postgres, serving
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.dialing import Dialer, NotPrimary, Raw, Refused, connect
from uptc_messenger.database.examine import look
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.models.errors import Unavailable


def say(statement: str) -> Callable[[sa.Connection], Any]:
    return lambda connection: connection.exec_driver_sql(statement).scalar()


async def test_the_server_that_answers_is_found_and_remembered(server: Postgres, tmp_path: Path):
    url = parse_url(f"postgresql://postgres@/postgres?host={tmp_path}&host={server.sockets}")
    dial = Dialer(url, "test", {})
    for _ in range(2):
        connection = await dial()
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    assert [folder for folder, _ in dial._hosts] == [str(server.sockets), str(tmp_path)]


async def test_a_standby_is_passed_over_and_alone_is_nobody(server: Postgres):
    with serving(standby=True) as follower:
        both = f"postgresql://postgres@/postgres?host={follower.sockets}&host={server.sockets}"
        connection = await Dialer(parse_url(both), "test", {})()
        assert await connection.fetchval("SELECT pg_is_in_recovery()") is False
        await connection.close()
        look_at_both = look(DatabaseConfig(url=both), say("SELECT pg_is_in_recovery()"))
        assert await look_at_both is False
        with pytest.raises(NotPrimary):
            await Dialer(parse_url(follower.url("postgres")), "test", {})()
        # Not a failure of whoever asks: what runs in the background goes on until there is one.
        url = follower.url("postgres")
        store = PostgresStore(parse_url(url), DatabaseConfig(url=url))
        with pytest.raises(Unavailable):
            await store.read(say("SELECT 1"))
        await store.close()
        dead = both.replace(str(server.sockets), f"{server.sockets}-gone")
        with pytest.raises(Refused) as caught:
            await Dialer(parse_url(dead), "test", {})()
        assert not isinstance(caught.value, NotPrimary)


async def test_nobody_there_is_refused(tmp_path: Path):
    with pytest.raises(Refused):
        await Dialer(parse_url(f"postgresql://x@/y?host={tmp_path}"), "test", {})()


async def test_a_server_that_never_speaks_costs_two_seconds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("uptc_messenger.database.dialing._PATIENCE_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(TimeoutError):
            await Dialer(parse_url(f"postgresql://x@127.0.0.1:{port}/y"), "test", {})()


async def test_who_stops_waiting_leaves_no_connection(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
):
    made: list[Any] = []

    async def noting(*given: object, **options: object) -> Raw:
        made.append(await connect(*given, **options))
        return made[-1]

    monkeypatch.setattr("uptc_messenger.database.dialing.connect", noting)
    # What the connection is told first takes longer than whoever asked for it waits.
    monkeypatch.setattr("uptc_messenger.database.dialing._NEWER", "SELECT pg_sleep(3), '{}'")
    monkeypatch.setattr("uptc_messenger.database.dialing._PATIENCE_S", 1.0)
    with pytest.raises(TimeoutError):
        await Dialer(parse_url(server.url("postgres")), "test", {})()
    assert [connection.is_closed() for connection in made] == [True]


async def test_its_limits_hold(server: Postgres):
    limits = {"statement_timeout": "50", "transaction_timeout": "5000"}
    dial = Dialer(parse_url(server.url("postgres")), "test", limits)
    connection = await dial()
    with pytest.raises(asyncpg.QueryCanceledError):
        await connection.execute("SELECT pg_sleep(5)")
    assert await connection.fetchval("SHOW transaction_timeout") == "5s"
    assert await connection.fetchval("SHOW application_name") == "uptc-messenger test"
    await connection.close()


async def test_warnings_of_the_server_are_told(server: Postgres):
    dial = Dialer(parse_url(server.url("postgres")), "test", {})
    told: list[str] = []
    dial.warned = told.append
    connection = await dial()
    await connection.execute("DO $$BEGIN RAISE NOTICE 'no'; RAISE WARNING 'look out'; END$$")
    await connection.close()
    assert told == ["look out"]
