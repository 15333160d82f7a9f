import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from uptc_messenger.cli import commands, invites
from uptc_messenger.cli.exits import Exit

Run = Callable[..., Result]


@pytest.fixture
def run(data: Path) -> Run:
    where = ["--data", str(data)]
    made = CliRunner().invoke(
        commands.build(),
        ["user", "add", "due", "--role", "owner", "--password-stdin", *where],
        input="tres tristes tigres\n",
    )
    assert made.exit_code == 0
    return lambda *given: CliRunner().invoke(commands.build(), ["invite", *given, *where])


def test_an_invitation_is_made_listed_and_revoked(run: Run):
    made = run("create", "--uses", "30", "--expires", "7d", "--role", "guest")
    assert made.stdout.startswith("http://127.0.0.1:8000/join#")
    assert "30 people with this link may come onto this server as guest, until 20" in made.stderr
    listed = run("list").stdout
    assert "0 of 30" in listed
    (told,) = json.loads(run("list", "--json").stdout)["invites"]
    assert told["invite_id"] in listed
    assert (told["inviter"], told["role"]) == ("due", "guest")
    assert run("revoke", told["invite_id"]).exit_code == 0
    assert run("revoke", told["invite_id"]).exit_code == Exit.REFUSED
    assert run("list").stdout == "There is no invitation that can be used.\n"


def test_a_program_gets_the_link_and_the_invitation(run: Run):
    told = json.loads(run("create", "--json").stdout)
    assert told["url"].startswith("http://127.0.0.1:8000/join#")
    assert told["invite"]["max_uses"] is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["create", "--chat", "Cálculo I"], Exit.REFUSED),
        (["create", "--by", "nadie"], Exit.REFUSED),
        (["create", "--expires", "5s"], Exit.REFUSED),
        (["create", "--expires", "tomorrow"], Exit.USAGE),
        (["create", "--uses", "0"], Exit.USAGE),
        (["create", "--role", "owner"], Exit.USAGE),
        (["revoke", "first"], Exit.USAGE),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, given: list[str], code: Exit):
    refused = run(*given)
    assert (refused.exit_code, refused.stdout) == (code, "")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("7d", 604_800)]
)
def test_durations_are_read(text: str, seconds: int):
    assert invites.seconds(text) == seconds
