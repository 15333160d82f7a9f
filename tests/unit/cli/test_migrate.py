import sqlite3
from pathlib import Path

from typer.testing import CliRunner

from uptc_messenger.cli import commands

run = CliRunner()


def test_it_makes_the_database_and_says_its_schema(tmp_path: Path):
    first = run.invoke(commands.build(), ["migrate", "--data", str(tmp_path)])
    again = run.invoke(commands.build(), ["migrate", "--data", str(tmp_path)])
    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout
    assert (tmp_path / "uptc.db").is_file()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    (tmp_path / "uptc.db").write_text("a letter, not a database\n" * 100)
    done = run.invoke(commands.build(), ["migrate", "--data", str(tmp_path)])
    assert done.exit_code == 3
    assert "uptc.db" in done.stderr
    assert (tmp_path / "uptc.db").read_text().startswith("a letter")


def test_a_newer_schema_is_refused(tmp_path: Path):
    run.invoke(commands.build(), ["migrate", "--data", str(tmp_path)])
    with sqlite3.connect(tmp_path / "uptc.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    done = run.invoke(commands.build(), ["migrate", "--data", str(tmp_path)])
    assert done.exit_code == 3
    assert "newer version" in done.stderr
