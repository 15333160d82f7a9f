import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from uptc_messenger.cli import commands, status
from uptc_messenger.cli.exits import Exit
from uptc_messenger.models.admin import Scalar, Status


def test_without_a_server_the_database_is_described(data: Path):
    where = ["--data", str(data)]
    shown = CliRunner().invoke(commands.build(), ["status", *where])
    assert shown.stdout.startswith("The server is not running.\n")
    told = json.loads(CliRunner().invoke(commands.build(), ["status", "--json", *where]).stdout)
    assert told["running"] is False
    assert told["sections"]["database"]["kind"] == "sqlite"
    assert told["sections"]["people"] == {"accounts": 0, "disabled": 0}


def test_a_damaged_database_is_what_serve_calls_it(data: Path):
    file = data / "uptc.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: -3 * 4096] + b"x" * 3 * 4096)
    refused = CliRunner().invoke(commands.build(), ["status", "--data", str(data)])
    assert (refused.exit_code, refused.stdout) == (Exit.DATABASE, "")
    assert "is damaged" in refused.stderr
    assert "uptc-messenger restore FILE --force" in refused.stderr


def test_a_section_of_anyone_is_shown():
    text = status.describe(
        Status(running=True, sections={"backup": {"proven_at": None, "last_size_bytes": 2048}})
    )
    assert text.splitlines() == [
        "The server is running.",
        "",
        "backup  proven at  -",
        "backup  last size  2.0 KiB",
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("uptime_s", 3700, "1 h 1 min"),
        ("size_bytes", 10, "10 B"),
        ("commands_per_s", 2.5, "2.5 a second"),
        ("sockets", 3, "3"),
        ("draining", True, "yes"),
        ("draining", False, "no"),
        ("last_at", None, "-"),
        ("address_s", "http://x", "http://x"),
    ],
)
def test_a_fact_has_its_unit(name: str, value: Scalar, text: str):
    assert status.value_of(name, value) == text
