import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.fakes import PASSWORD, make_settings, new_account
from uptc_messenger.cli import commands, offline
from uptc_messenger.cli.exits import Exit
from uptc_messenger.models.auth import Login
from uptc_messenger.models.base import SessionId
from uptc_messenger.toolkit.ids import uuid7

Run = Callable[..., Result]


@pytest.fixture
def run(data: Path) -> Run:
    return lambda *given: CliRunner().invoke(
        commands.build(), ["sessions", *given, "--data", str(data)]
    )


@pytest.fixture
def two(data: Path) -> list[SessionId]:
    """The two sessions of ana; the second device has a name that wants to steer a terminal."""

    async def make() -> list[SessionId]:
        async with offline.opened(make_settings(data)) as (database, auth):
            first = await new_account(database, auth, "ana")
            login = Login(username="ana", password=PASSWORD)
            second = await auth.log_in(login, "Nokia \x1b[2J")
            return [first.session.session_id, second.session.session_id]

    return asyncio.run(make())


def test_devices_are_shown(run: Run, two: list[SessionId]):
    shown = run("list", "ana").stdout
    assert all(session_id in shown for session_id in two)
    assert "Nokia \\x1b[2J" in shown
    told = json.loads(run("list", "ana", "--json").stdout)
    assert {session["session_id"] for session in told["sessions"]} == set(two)


def test_one_is_ended_and_then_the_rest(run: Run, two: list[SessionId]):
    assert run("end", "ana", "--session", two[0]).stdout == "Sessions ended: 1.\n"
    assert run("end", "ana", "--session", two[0]).exit_code == Exit.REFUSED
    assert json.loads(run("end", "ana", "--all", "--json").stdout) == {"ended": 1}
    assert run("list", "ana").stdout == "ana is logged in nowhere.\n"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("which", [[], ["--all", "--session", "x"]])
def test_which_one_must_be_said(run: Run, which: list[str]):
    assert run("end", "ana", *which).exit_code == Exit.USAGE


@pytest.mark.usefixtures("two")
def test_what_is_no_session_is_refused(run: Run):
    assert run("end", "ana", "--session", "first").exit_code == Exit.USAGE
    assert run("end", "ana", "--session", uuid7()).exit_code == Exit.REFUSED
