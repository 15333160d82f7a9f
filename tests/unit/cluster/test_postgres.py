from pathlib import Path

import pytest

from uptc_messenger.cluster import postgres
from uptc_messenger.cluster.postgres import Postgres, binaries
from uptc_messenger.cluster.processes import ClusterError, Processes
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.postgres import PostgresStore


async def test_a_standby_that_waits_for_nobody_takes_over_everything(
    processes: Processes, home: Path
):
    """Through one URL, without opening anything anew."""
    first = Postgres("first", home / "first", processes)
    await first.create()
    first.options["synchronous_standby_names"] = "*"
    # The first start must not wait for a standby that is not there yet.
    first.options["synchronous_commit"] = "local"
    await first.start()
    await first.create_database()
    second = Postgres("second", home / "second", processes)
    await second.copy(first)
    await second.start()
    del first.options["synchronous_commit"]
    await first.restart(immediate=True)
    url = f"{first.url()}&host={second.home}"
    store = PostgresStore(parse_url(url), DatabaseConfig(url=url))
    await store.transact(lambda c: c.exec_driver_sql("CREATE TABLE kept (n int)"))
    await store.transact(lambda c: c.exec_driver_sql("INSERT INTO kept VALUES (1)"))
    await first.kill()
    assert not first.alive
    await second.promote()
    read = await store.transact(lambda c: c.exec_driver_sql("SELECT n FROM kept").scalar())
    assert read == 1
    await store.close()


async def test_what_was_made_is_opened_again(processes: Processes, home: Path):
    server = Postgres("server", home / "server", processes)
    await server.create()
    await server.start()
    await server.create_database()
    await server.stop()
    again = Postgres("server", home / "server", processes)
    await again.create()
    await again.start()
    await again.create_database()
    assert again.password == server.password
    assert await again.execute("SELECT 1", "uptc")


async def test_one_that_cannot_start_says_why(processes: Processes, home: Path):
    server = Postgres("server", home / "server", processes)
    with pytest.raises(ClusterError):
        _ = server.running
    await server.create()
    server.options["no_such_option"] = "1"
    with pytest.raises(ClusterError) as caught:
        await server.start()
    assert "no_such_option" in str(caught.value)


def _nothing(name: str) -> None:
    del name


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    assert (binaries() / "postgres").exists()
    monkeypatch.setattr(postgres.importlib.util, "find_spec", _nothing)
    with pytest.raises(ClusterError) as caught:
        binaries()
    assert "uptc-messenger[cluster]" in str(caught.value)
