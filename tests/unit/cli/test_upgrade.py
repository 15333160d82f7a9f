import json
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from uptc_messenger.cli import commands
from uptc_messenger.cli.exits import Exit
from uptc_messenger.database.migrate import head_revision, upgrade_connection
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.toolkit.folders import claim


def run(data: Path, *given: str) -> Result:
    return CliRunner().invoke(commands.build(), [*given, "--data", str(data)])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    engine = make_engine(tmp_path / "uptc.db", writer=True)
    with engine.begin() as connection:
        upgrade_connection(connection, "0001")
    engine.dispose()
    return tmp_path


def test_a_check_tells_and_changes_nothing_beside_a_server_too(old: Path):
    with claim(old):
        told = run(old, "upgrade", "--check")
    assert told.exit_code == Exit.PENDING
    assert f"has schema 0001, this program {head_revision()}. Pending:" in told.stdout
    assert "It was tried on a copy: it works" in told.stdout
    assert "uptc-messenger backup FILE" in told.stdout
    assert run(old, "upgrade", "--check", "--no-rehearsal").stdout.count("not tried") == 1


def test_it_is_done_once(old: Path):
    assert run(old, "upgrade").stdout == f"The database has schema {head_revision()}.\n"
    again = run(old, "upgrade")
    assert (again.exit_code, "Nothing was to be done" in again.stdout) == (0, True)
    checked = run(old, "upgrade", "--check", "--json")
    assert checked.exit_code == Exit.OK
    assert json.loads(checked.stdout)["steps"] == []


def test_a_running_server_is_not_upgraded_under_its_feet(old: Path):
    with claim(old):
        assert run(old, "upgrade").exit_code == Exit.DATA


def test_a_downgrade_is_refused(data: Path):
    with closing(sqlite3.connect(data / "uptc.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (
        ["upgrade", "--check"],
        ["upgrade"],
        ["migrate"],
        ["status"],
        ["serve", "--port", "0"],
        ["user", "role", "ana", "admin"],
    ):
        refused = run(data, *command)
        assert (refused.exit_code, refused.stdout) == (Exit.DATABASE, ""), command
        assert "9999" in refused.stderr


def test_a_full_disk_stops_it_before_anything_happens(old: Path, monkeypatch: pytest.MonkeyPatch):
    def usage(folder: Path) -> SimpleNamespace:
        assert folder == old
        return SimpleNamespace(free=1000)

    monkeypatch.setattr("shutil.disk_usage", usage)
    refused = run(old, "upgrade")
    assert refused.exit_code == Exit.REFUSED
    assert "too full" in refused.stderr
    assert "has schema 0001" in refused.stderr


def test_where_there_is_no_database_none_is_made(tmp_path: Path):
    assert run(tmp_path, "upgrade", "--check").exit_code == Exit.DATABASE
    assert list(tmp_path.iterdir()) == []


def test_other_commands_do_not_upgrade_in_passing(old: Path):
    refused = run(old, "user", "role", "ana", "admin")
    assert refused.exit_code == Exit.DATABASE
    assert "uptc-messenger upgrade" in refused.stderr
    told = json.loads(run(old, "status", "--json").stdout)
    assert told["sections"]["database"]["upgrade_pending"] is True
    assert told["sections"]["database"]["schema"] == "0001"
