"""The port has one suite for all its engines: tests/contracts/test_database.py."""

import inspect

import pytest

from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.database.sqlite import SqliteStore
from uptc_messenger.database.store import Store

METHODS = ("transact", "read", "scan", "close")


@pytest.mark.parametrize("engine", [SqliteStore, PostgresStore])
@pytest.mark.parametrize("method", METHODS)
def test_an_engine_takes_work_as_the_port_says(engine: type[Store], method: str):
    asked = inspect.signature(getattr(Store, method)).parameters
    assert list(inspect.signature(getattr(engine, method)).parameters) == list(asked)
    assert inspect.iscoroutinefunction(getattr(engine, method))


def test_the_port_stays_this_small():
    public = {name for name in vars(Store) if not name.startswith("_")}
    assert public == {*METHODS, "fault"}
