import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uptc_messenger.cli import commands, config
from uptc_messenger.services.auth.limits import LIMITS

run = CliRunner()


def test_every_setting_is_shown_with_its_source(tmp_path: Path):
    arguments = ["config", "--data", str(tmp_path)]
    shown = run.invoke(commands.build(), arguments, env={"UPTC_PORT": "9123"})
    assert shown.exit_code == 0
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert ["port", "9123", "environment"] in rows
    assert ["data", str(tmp_path), "option"] in rows
    assert ["host", "127.0.0.1", "default"] in rows


def test_it_can_be_read_by_a_program():
    shown = run.invoke(commands.build(), ["config", "--json"])
    assert json.loads(shown.stdout)["port"] == {"value": 8000, "source": "default"}


def test_a_password_is_never_shown():
    url = "postgresql://uptc:s3cr3t@db/uptc"
    shown = run.invoke(commands.build(), ["config", "--database", url])
    assert "s3cr3t" not in shown.output
    assert "postgresql://uptc:***@db/uptc" in shown.stdout


def test_a_wrong_value_is_a_sentence_and_exit_code_2():
    shown = run.invoke(commands.build(), ["config"], env={"UPTC_PORT": "many"})
    assert shown.exit_code == 2
    assert "UPTC_PORT cannot be used" in shown.stderr


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("memory", "memory"),
        ("nats://t0ken@h:4222", "nats://***@h:4222"),
        ("nats://u:p@h, tls://v:q@i", "nats://u:***@h, tls://v:***@i"),
        ("nats://h:4222", "nats://h:4222"),
    ],
)
def test_only_the_password_of_a_url_is_hidden(text: str, shown: str):
    assert config.without_password(text) == shown


def test_a_table_is_aligned_and_shows_nothing_as_a_dash():
    table = config.table([("a", "", "default"), ("long", ("x", "y"), "file")])
    assert table == "a     -    default\nlong  x,y  file"


def test_every_limit_is_shown():
    shown = run.invoke(commands.build(), ["config", "limits"])
    assert shown.exit_code == 0
    assert {line.split()[0] for line in shown.stdout.splitlines()} == {"limit", *LIMITS}
    as_json = run.invoke(commands.build(), ["config", "limits", "--json"])
    assert json.loads(as_json.stdout).keys() == LIMITS.keys()
