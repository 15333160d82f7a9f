import json
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from uptc_messenger.cli import doctor
from uptc_messenger.cli.commands import build
from uptc_messenger.cli.probes import Finding
from uptc_messenger.settings import Settings

RUN = CliRunner()


def test_what_is_well_ends_with_0(data: Path):
    told = RUN.invoke(build(), ["doctor", "--data", str(data)])
    assert told.exit_code == 0, told.stdout
    assert "ok" in told.stdout


def test_logs_are_not_among_the_findings(data: Path, monkeypatch: pytest.MonkeyPatch):
    async def loud(_: Settings) -> list[Finding]:
        structlog.get_logger().warning("reconnected to the bus")
        return []

    monkeypatch.setattr(doctor, "PROBES", (loud,))
    told = RUN.invoke(build(), ["doctor", "--data", str(data), "--json"])
    assert json.loads(told.stdout) == []
    assert "reconnected to the bus" in told.stderr


def test_what_fails_ends_with_1_and_says_what_to_do(tmp_path: Path):
    told = RUN.invoke(build(), ["doctor", "--data", str(tmp_path), "--json"])
    assert told.exit_code == 1
    found = {f["name"]: f for f in json.loads(told.stdout)}
    assert found["database"]["verdict"] == "fail"
    assert "There is no database" in found["database"]["told"]
