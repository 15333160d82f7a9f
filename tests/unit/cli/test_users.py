import asyncio
import io
import json
import os
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


def test_what_was_done_is_told_as_json(run: Run):
    typed = f"{PASSWORD}\n"
    made = run("add", "ana", "--display-name", "Ana", "--password-stdin", "--json", typed=typed)
    assert json.loads(made.stdout)["user"]["display_name"] == "Ana"
    assert json.loads(run("role", "ana", "admin", "--json").stdout) == {
        "ended": 0,
        "ownerless": True,
    }


def test_an_account_is_made_with_its_role(run: Run, tmp_path: Path):
    made = run("add", "Ana", "--role", "owner", "--password-stdin", typed=f"{PASSWORD}\n")
    assert made.stdout == "Made the account ana (owner).\n"
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "owner"


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_password_that_is_not_utf_8_is_refused_in_a_sentence(
    errors: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    typed = io.TextIOWrapper(io.BytesIO(b"tres \xff tigres\n"), encoding="utf-8", errors=errors)
    monkeypatch.setattr("sys.stdin", typed)
    with pytest.raises(SystemExit) as ended:
        users.read_password(from_stdin=True)
    assert ended.value.code == Exit.USAGE
    assert "is not text in UTF-8; nothing was changed." in capsys.readouterr().err


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
    told = run("role", "ana", "admin").stdout
    assert told.startswith("ana is admin, and every session has ended.\n")
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "admin"


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("command", [["role", "ana", "member"], ["disable", "ana"]])
def test_whoever_takes_the_last_owner_away_is_told_the_way_back(run: Run, command: list[str]):
    assert "Nobody owns" not in run("role", "ana", "owner").stdout
    assert "`uptc-messenger user role NAME owner` names one." in run(*command).stdout


@pytest.mark.usefixtures("ana")
def test_an_account_is_closed_and_opened_again(run: Run, tmp_path: Path):
    assert run("disable", "ana").exit_code == 0
    with pytest.raises(Problem) as refused:
        asyncio.run(log_in(tmp_path, PASSWORD))
    assert refused.value.code == "forbidden"
    assert run("disable", "ana", "--undo").exit_code == 0
    assert asyncio.run(log_in(tmp_path, PASSWORD)) == "member"


@pytest.mark.usefixtures("ana")
def test_a_reset_link_is_one_line_and_says_for_whom(run: Run):
    printed = run("reset-link", "ANA")
    url, code = printed.stdout.strip().split("#")
    assert url == "http://127.0.0.1:8000/reset"
    assert len(code) >= 22
    assert "password of ana, once, until 20" in printed.stderr


@pytest.mark.usefixtures("ana")
def test_a_reset_link_leads_to_the_configured_address(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPTC_PUBLIC_URL", "https://chat.example.edu/")
    told = json.loads(run("reset-link", "ana", "--json").stdout)
    assert told["url"] == f"https://chat.example.edu/reset#{told['code']}"


@pytest.mark.usefixtures("ana")
def test_a_reset_link_can_be_drawn_for_a_phone(run: Run):
    drawn = run("reset-link", "ana", "--qr").stdout
    assert drawn.count("\n") > 15
    assert "\u2588" in drawn


@pytest.mark.usefixtures("ana")
def test_without_an_address_no_link_is_printed(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("UPTC_PORT", "0")
    refused = run("reset-link", "ana")
    assert (refused.exit_code, refused.stdout) == (Exit.REFUSED, "")
    assert "public_url" in refused.stderr


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize(
    "command",
    [
        ["role", "eva", "admin"],
        ["disable", "eva"],
        ["reset-link", "eva"],
        ["passwd", "eva", "--password-stdin"],
    ],
)
def test_nobody_of_that_name_is_said(run: Run, command: list[str]):
    refused = run(*command, typed=f"{PASSWORD}\n")
    assert refused.exit_code == Exit.REFUSED
    assert "eva" in refused.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_leaves_nothing_that_the_servers_user_may_not_open(run: Run, tmp_path: Path):
    os.chown(tmp_path, 12345, 54321)
    assert run("add", "ana", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert {path.stat().st_uid for path in tmp_path.iterdir()} == {12345}


def test_where_nothing_is_stored_nothing_is_made(run: Run, tmp_path: Path):
    refused = run("disable", "eva")
    assert refused.exit_code == Exit.DATABASE
    assert "uptc-messenger serve" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_longer_than_any_is_refused_here_as_by_a_server(run: Run):
    refused = run("add", "a" * 500, "--password-stdin", typed=f"{PASSWORD}\n")
    assert refused.exit_code == Exit.REFUSED


@pytest.mark.usefixtures("ana")
def test_accounts_are_listed(run: Run):
    run("disable", "ana")
    assert run("list").stdout.splitlines()[1].split() == ["ana", "ana", "member", "-", "disabled"]
    (told,) = json.loads(run("list", "--json").stdout)["accounts"]
    assert (told["username"], told["disabled"]) == ("ana", True)
    assert run("list", "--role", "owner").stdout == "There is no such account.\n"


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
