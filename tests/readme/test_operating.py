"""The lines of docs/operating.md for bad days, run as they stand, on a bad day of each kind."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

pytestmark = pytest.mark.slow
OPERATING = (ROOT / "docs" / "operating.md").read_text()
BAD_DAYS = OPERATING.partition("\n## Bad days\n")[2].partition("\n## ")[0]
SYSTEMCTL = """#!/bin/sh
# A systemd that knows one service.
data="$UPTC_DATA" pid="$UPTC_DATA/../pid"
stop() {{
    test -f "$pid" || return 0
    kill "$(cat "$pid")"
    while kill -0 "$(cat "$pid")" 2>/dev/null; do sleep 0.1; done
    rm "$pid"
}}
start() {{
    mkfifo "$data/../up"
    {python} -m uptc_messenger serve --port 0 >"$data/../up" 2>>"$data/../log" &
    echo $! >"$pid"
    read -r address <"$data/../up"
    rm "$data/../up"
    case "$address" in http://*) ;; *) rm "$pid"; exit 3 ;; esac
}}
case "$1" in restart) stop; start ;; *) "$1" ;; esac
"""


class Machine:
    """A server's machine: what the document says is typed here, with other folders."""

    def __init__(self, folder: Path) -> None:
        self.data, self.backups = folder / "var" / "data", folder / "mnt"
        # As systemd does for a service with a user of its own: the folder is a link.
        private = folder / "var" / "private" / "data"
        for made in (private, self.backups, folder / "bin"):
            made.mkdir(parents=True)
        self.data.symlink_to(private)
        self._write(folder / "bin" / "systemctl", SYSTEMCTL.format(python=sys.executable))
        command = f'#!/bin/sh\nexec {sys.executable} -m uptc_messenger "$@"\n'
        self._write(folder / "bin" / "uptc-messenger", command)
        clean = {k: v for k, v in os.environ.items() if not k.startswith("UPTC_")}
        self._environment = {
            **clean,
            "PATH": f"{folder / 'bin'}:{clean['PATH']}",
            "UPTC_DATA": str(self.data),
            "UPTC_PUBLIC_URL": "https://chat.example.edu",
            "UPTC_AUTH_ARGON2_MEMORY_KIB": "8",
        }

    def type(self, lines: str) -> str:
        """Run lines as they stand but for the two folders; returns what they print."""
        here = lines.replace("/var/lib/uptc-messenger", str(self.data))
        done = self.run(here.replace("/mnt/backups", str(self.backups)))
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        with (self.data.parent / "out").open("w+") as out:
            # Files and not pipes: a server that it starts must not keep the test waiting.
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=self._environment,
                timeout=120,
                check=False,
            )
            out.seek(0)
            return subprocess.CompletedProcess(script, done.returncode, out.read(), "")

    def prepare(self) -> None:
        """Accounts and messages, and a backup of the schedule."""
        self.type(
            "uptc-messenger dev seed --users 3 --password tres-tazas-de-tinto --prefix ana"
            " --chats 1 --members 3 --messages 20 >/dev/null\n"
            "printf 'tres tazas de tinto\\n' |"
            " uptc-messenger user add ana --role owner --password-stdin\n"
            "uptc-messenger backup /mnt/backups/uptc-20261124T030000Z.backup.gz\n"
        )

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    made = Machine(tmp_path_factory.mktemp("prepared"))
    made.prepare()
    return made


@pytest.fixture
def machine(tmp_path: Path, prepared: Machine) -> Iterator[Machine]:
    """A machine as that one was on the day before."""
    made = Machine(tmp_path)
    shutil.copytree(prepared.data, made.data, dirs_exist_ok=True)
    shutil.copytree(prepared.backups, made.backups, dirs_exist_ok=True)
    yield made
    made.run("systemctl stop")


def lines_of(title: str) -> str:
    """The lines of shell below a heading."""
    section = OPERATING.partition(f" {title}\n")[2]
    section = re.split(r"\n##+ ", section)[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert blocks, title
    return "".join(blocks)


def test_every_bad_day_has_lines_that_are_tested_here():
    titles = re.findall(r"^### (.*)$", BAD_DAYS, re.MULTILINE)
    tested = Path(__file__).read_text()
    assert len(titles) >= 7
    assert [title for title in titles if f'lines_of("{title}")' not in tested] == []


def test_backups_and_the_owner_and_the_clock(machine: Machine):
    machine.type("systemctl start uptc-messenger")
    told = machine.type(lines_of("Backups"))
    assert "Proven:" in told
    assert re.search(r"backups +last proven +20\d\d-", told), told
    assert "https://chat.example.edu/" in machine.type(lines_of("The owner's password is lost"))
    assert "The server is running." in machine.type(lines_of("The clock is wrong"))
    assert "Proven:" in machine.type(lines_of("The disk failed"))


def test_room_is_made_on_a_full_disk(machine: Machine):
    kept = machine.data / "uptc.db.before-20260101T000000Z"
    kept.write_bytes(b"x" * 5_000_000)
    assert kept.name in machine.type(lines_of("The disk is full"))
    assert not kept.exists()
    assert (machine.data / "uptc.db").exists()


def test_a_damaged_database_is_replaced_and_kept(machine: Machine):
    database = machine.data / "uptc.db"
    damaged = b"\0" * 100 + database.read_bytes()[100:]
    database.write_bytes(damaged)
    refused = machine.run("uptc-messenger serve --port 0")
    assert (refused.returncode, "restore FILE --force" in refused.stdout) == (3, True)
    assert database.read_bytes() == damaged
    told = machine.type(lines_of("The database is damaged"))
    assert "Restored 20 messages of 1 chats" in told
    [kept] = machine.data.glob("uptc.db.before-*")
    assert kept.read_bytes() == damaged == (machine.backups / "as-it-was/uptc.db").read_bytes()
    assert "The server is running." in machine.type("uptc-messenger status")


def test_another_machine_takes_over(machine: Machine):
    for file in machine.data.iterdir():
        file.unlink()
    told = machine.type(lines_of("The disk, or the machine, is lost"))
    assert "Restored 20 messages of 1 chats" in told
    assert re.search(r"messages +20", told), told


def test_after_an_outage_it_starts_and_is_proven(machine: Machine):
    machine.type("systemctl start uptc-messenger\nkill -9 $(cat $UPTC_DATA/../pid)\n")
    machine.run("rm $UPTC_DATA/../pid")
    assert "Proven:" in machine.type(lines_of("The server was killed, or the power failed"))
