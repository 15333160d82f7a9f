import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uptc_messenger import settings
from uptc_messenger.cli import commands, offline, users
from uptc_messenger.cli.exits import Exit
from uptc_messenger.models.auth import Login
from uptc_messenger.models.base import ServerRole
from uptc_messenger.models.errors import Problem

Run = Callable[..., Result]
PASSWORD = "tres tristes tigres"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, typed: str | None = None) -> Result:
        where = ["--data", str(tmp_path)]
        return CliRunner().invoke(commands.build(), ["user", *arguments, *where], input=typed)

    return run


async def log_in(data: Path, password: str) -> ServerRole:
    built = settings.build(settings.collect({"data": str(data)}, {}))
    async with offline.opened(built) as (_, auth):
        return (await auth.log_in(Login(username="ana", password=password))).user.role


@pytest.fixture
def ana(run: Run) -> None:
    assert run("add", "ana", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0


def test_an_account_is_made_with_its_role(run: Run, tmp_path: Path):
    made = run("add", "Ana", "--role", "owner", "--password-stdin", typed=f"{PASSWORD}\n")
    assert made.stdout == "Made the account ana (owner).\n"
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "owner"


@pytest.mark.usefixtures("ana")
def test_a_taken_name_is_refused_with_exit_code_1(run: Run):
    again = run("add", "ana", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (again.exit_code, again.stdout) == (Exit.REFUSED, "")
    assert "taken" in again.stderr


def test_a_weak_password_is_refused(run: Run):
    refused = run("add", "ana", "--password-stdin", typed="123\n")
    assert refused.exit_code == Exit.REFUSED
    assert "at least 8" in refused.stderr


def test_an_unknown_role_is_wrong_usage(run: Run):
    assert run("add", "ana", "--role", "king", "--password-stdin").exit_code == Exit.USAGE


@pytest.mark.usefixtures("ana")
def test_a_password_is_replaced(run: Run, tmp_path: Path):
    assert (
        run("passwd", "ana", "--password-stdin", typed="comen trigo en el trigal\n").exit_code == 0
    )
    assert asyncio.run(log_in(tmp_path, "comen trigo en el trigal")) == "member"
    with pytest.raises(Problem) as refused:
        asyncio.run(log_in(tmp_path, PASSWORD))
    assert refused.value.code == "unauthenticated"


@pytest.mark.usefixtures("ana")
def test_a_role_is_given(run: Run, tmp_path: Path):
    assert run("role", "ana", "admin").stdout == "ana is admin.\n"
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "admin"


@pytest.mark.usefixtures("ana")
def test_an_account_is_closed_and_opened_again(run: Run, tmp_path: Path):
    assert run("disable", "ana").exit_code == 0
    with pytest.raises(Problem) as refused:
        asyncio.run(log_in(tmp_path, PASSWORD))
    assert refused.value.code == "forbidden"
    assert run("disable", "ana", "--undo").exit_code == 0
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "member"


@pytest.mark.usefixtures("ana")
def test_a_reset_code_is_one_line(run: Run):
    printed = run("reset-code", "ana")
    assert len(printed.stdout.strip()) >= 22


@pytest.mark.parametrize(
    "command", [["role", "eva", "admin"], ["disable", "eva"], ["reset-code", "eva"]]
)
def test_nobody_of_that_name_is_said(run: Run, command: list[str]):
    refused = run(*command)
    assert refused.exit_code == Exit.REFUSED
    assert "eva" in refused.stderr


def test_without_a_terminal_the_password_must_come_from_the_input(run: Run):
    refused = run("add", "ana", typed="")
    assert refused.exit_code == Exit.USAGE
    assert "--password-stdin" in refused.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def answering(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    given = iter(answers)
    monkeypatch.setattr("sys.stdin", Terminal())

    def answer(prompt: str) -> str:
        return next(given)

    monkeypatch.setattr("getpass.getpass", answer)


def test_on_a_terminal_it_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, PASSWORD, PASSWORD)
    assert users.read_password(from_stdin=False) == PASSWORD


def test_two_different_passwords_change_nothing(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, PASSWORD, "another one")
    with pytest.raises(SystemExit) as ended:
        users.read_password(from_stdin=False)
    assert ended.value.code == Exit.REFUSED
