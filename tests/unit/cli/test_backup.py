import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.core import installed
from tests.fakes import make_settings
from tests.library import Library
from uptc_messenger.cli import commands
from uptc_messenger.services.backups.files import POOL

SEED = "dev seed --users 3 --password tres-tristes-tigres --chats 2 --members 2 --messages 5"


def run(data: Path, line: str) -> Result:
    return CliRunner().invoke(commands.build(), [*line.split(), "--data", str(data)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    assert run(tmp_path / "data", SEED).exit_code == 0
    return tmp_path / "data"


def test_there_and_back(data: Path, tmp_path: Path):
    file = tmp_path / "a.gz"
    made = run(data, f"backup {file}")
    assert made.exit_code == 0, made.stderr
    assert "rows of 2 chats" in made.stdout
    proven = run(data, f"backup verify {file}")
    assert "10 messages of 2 chats" in proven.stdout
    known = json.loads((data / "backups.json").read_text())
    assert known["last_backup"]["path"] == known["last_proof"]["path"] == str(file)
    refused = run(data, f"restore {file}")
    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    restored = run(tmp_path / "new", f"restore {file}")
    assert "Restored 10 messages of 2 chats" in restored.stdout
    again = run(tmp_path / "new", f"restore {file} --force --end-sessions")
    assert "is kept in" in again.stdout


def test_made_and_proven_at_once(data: Path, tmp_path: Path):
    made = run(data, f"backup create {tmp_path / 'a.gz'} --prove")
    assert "Proven:" in made.stdout


async def send_a_file(data: Path) -> None:
    async with installed(make_settings(data).database.url) as world:
        await Library(world, data).put(await world.user("dora"), b"hola")


def test_a_proof_reads_the_files_too(data: Path, tmp_path: Path):
    asyncio.run(send_a_file(data))
    assert "1 parts of files" in run(data, f"backup create {tmp_path / 'a.gz'} --prove").stdout
    [found] = [path for path in (tmp_path / POOL).glob("*/*/*") if path.is_file()]
    found.unlink()  # it is a link to the one of the server
    found.write_bytes(b"hole")
    damaged = run(data, f"backup create {tmp_path / 'b.gz'} --prove")
    assert (damaged.exit_code, "is damaged" in damaged.stderr) == (1, True)
    assert json.loads((data / "backups.json").read_text())["last_proof"]["path"].endswith("a.gz")
    by_size = run(data, f"backup create {tmp_path / 'c.gz'} --prove --sizes")
    assert (by_size.exit_code, "1 parts of files" in by_size.stdout) == (0, True)


def test_what_is_no_backup_is_a_sentence_and_exit_code_1(data: Path, tmp_path: Path):
    (tmp_path / "a.gz").write_text("no backup")
    for line in (f"backup verify {tmp_path / 'a.gz'}", f"restore {tmp_path / 'a.gz'}"):
        refused = run(data, line)
        assert refused.exit_code == 1
        assert "is not a backup of UPTC Messenger." in refused.stderr


def test_a_backup_that_does_not_exist_makes_no_folder(tmp_path: Path):
    refused = run(tmp_path / "new", f"restore {tmp_path / 'a.gz'}")
    assert (refused.exit_code, "There is no backup at" in refused.stderr) == (1, True)
    assert not (tmp_path / "new").exists()


def test_what_was_moved_away_is_not_backed_up(data: Path, tmp_path: Path):
    with closing(sqlite3.connect(data / "uptc.db")) as database, database:
        database.execute("INSERT INTO installation VALUES ('moved_to', 'postgresql://db/uptc')")
    refused = run(data, f"backup {tmp_path / 'a.gz'}")
    assert (refused.exit_code, "UPTC_DATABASE" in refused.stderr) == (3, True)
    assert not (tmp_path / "a.gz").exists()


def test_where_there_is_no_database_it_is_exit_code_3(tmp_path: Path):
    refused = run(tmp_path / "nowhere", f"backup {tmp_path / 'a.gz'}")
    assert refused.exit_code == 3
    assert "There is no database at" in refused.stderr


def test_help_shows_both_commands():
    shown = CliRunner().invoke(commands.build(), ["backup", "--help"])
    assert {"create", "verify"} <= set(shown.stdout.split())


def test_sigterm_in_the_middle_leaves_no_file(data: Path, tmp_path: Path):
    # The survey stops after its first line, and says so.
    program = (
        "import time\n"
        "from uptc_messenger.services.backups import writing\n"
        "from uptc_messenger.cli import main\n"
        "class Slow(writing._ToArchive):\n"
        "    def add(self, line):\n"
        "        print('in the middle', flush=True); time.sleep(60)\n"
        "writing._ToArchive = Slow\n"
        "main()\n"
    )
    folder = tmp_path / "backups"
    folder.mkdir()
    line = ["backup", str(folder / "a.gz"), "--data", str(data)]
    with subprocess.Popen(
        [sys.executable, "-c", program, *line], stdout=subprocess.PIPE, text=True
    ) as backup:
        assert backup.stdout is not None
        assert backup.stdout.readline() == "in the middle\n"
        assert len(list(folder.glob("*.partial"))) == 1
        backup.send_signal(signal.SIGTERM)
        assert backup.wait(20) == 128 + signal.SIGTERM
    # But for the lock on what backups share.
    assert [path.name for path in folder.iterdir()] == ["uptc-files"]


def test_a_backup_that_is_there_stays_unless_forced(data: Path, tmp_path: Path):
    file = tmp_path / "a.gz"
    assert run(data, f"backup {file}").exit_code == 0
    before = file.stat().st_ino
    refused = run(data, f"backup {file}")
    assert (refused.exit_code, file.stat().st_ino) == (1, before)
    assert "--force" in refused.stderr
    assert run(data, f"backup {file} --force").exit_code == 0
    assert file.stat().st_ino != before


def test_what_is_no_backup_is_never_replaced(data: Path, tmp_path: Path):
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    assert run(data, f"backup {file} --force").exit_code == 1
    assert file.read_text() == "mine"
