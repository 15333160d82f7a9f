"""The disk is full: sends are refused with the reason, reading goes on, and it passes by itself."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Person, Town, new_id
from tests.server import Server, serving

SIZE = 5_000_000
BODY = "x" * 3_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with little room, as real as a container allows."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can make a small disk")
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    ballast = disk / "ballast"
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        with suppress(OSError):
            while os.write(descriptor, b"x" * 4_096):
                pass
    finally:
        os.close(descriptor)
    return ballast


async def send_until_refused(ana: Person, chat_id: str) -> tuple[list[str], str]:
    """Send until it fails; returns what was acknowledged, and the id that was refused."""
    acknowledged: list[str] = []
    while True:
        message_id = new_id()
        answer = await ana.post(chat_id, BODY, message_id)
        if answer.status != 201:
            assert (answer.status, answer["code"]) == (503, "unavailable"), answer.text
            assert answer["detail"] == "The disk is full."
            return acknowledged, message_id
        acknowledged.append(message_id)


async def test_sends_are_refused_reading_goes_on_and_sending_resumes(small_disk: Path):
    with serving(small_disk, "--registration", "open", **UNLIMITED) as server:
        town = Town(server.url)
        ana, ben = await town.person("ana"), await town.person("ben")
        chat_id = await ana.found(ben)
        socket = await ana.connect(chat_id)
        ballast = fill(small_disk)
        acknowledged, refused = await send_until_refused(ana, chat_id)

        told = await socket.say(chat_id, BODY, refused)
        assert (told["code"], told["message"]) == ("unavailable", "The disk is full.")
        again = await ben.connect(chat_id)
        assert [m["message_id"] for m in await ben.read(chat_id)] == acknowledged
        assert len(await ben.sync(again, chat_id)) == len(acknowledged)
        assert (await town.call("GET", "//readyz")).status == 200

        ballast.unlink()
        resent = await socket.say(chat_id, BODY, refused)
        assert resent["seq"] == len(acknowledged) + 1
        await ben.post(chat_id, "y sigue")
        stored = [m["message_id"] for m in await ana.read(chat_id)]
        assert stored[:-1] == [*acknowledged, refused]
        await town.close()
        assert server.stop() == 0
        _calm(server)
    with serving(small_disk, **UNLIMITED) as server:
        town = Town(server.url)
        ana = Person(town, "", ana.user_id, "", ana.token)
        assert [m["message_id"] for m in await ana.read(chat_id)] == stored
        await town.close()


async def test_a_file_that_may_not_grow_is_the_same(tmp_path: Path):
    """Another real failure of a write, for machines where no disk can be mounted."""
    with serving(tmp_path, "--registration", "open", **UNLIMITED) as server:
        town = Town(server.url)
        ana = await town.person()
        chat_id = await ana.found()
        first = await ana.post(chat_id, "cabe")
        most = (tmp_path / "uptc.db-wal").stat().st_size
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (most, limits[1]))
        refused = await ana.post(chat_id, BODY, message_id := new_id())
        assert (refused.status, refused["code"]) == (503, "unavailable")
        assert [m["seq"] for m in await ana.read(chat_id)] == [first["seq"]]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, limits)
        assert (await ana.post(chat_id, BODY, message_id))["seq"] == first["seq"] + 1
        await town.close()
        assert server.stop() == 0
        _calm(server)


def _calm(server: Server) -> None:
    # The log is on the same disk: what it says may be missing, but no bug was in it.
    log = server.log.read_text()
    assert "Traceback" not in log
    assert "task failed" not in log
