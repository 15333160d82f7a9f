import os
import signal
import sys
from pathlib import Path

import pytest

from uptc_messenger.cluster.processes import (
    ClusterError,
    Processes,
    Program,
    copy_for_nobody,
    readable_by_nobody,
    tail,
)


def program(log: Path, text: str, *, reads_output: bool = False) -> Program:
    command = [sys.executable, "-c", text]
    return Program(name="it", command=command, log=log / "log", reads_output=reads_output)


async def test_it_runs_is_paused_and_goes_on(processes: Processes, tmp_path: Path):
    text = "import time\nprint('ready', flush=True)\ntime.sleep(600)"
    running = await processes.start(program(tmp_path, text, reads_output=True))
    assert await running.line(10) == "ready"
    running.pause()
    assert running.paused
    assert running.alive
    await running.stop()
    assert not running.alive
    assert await running.wait() == -signal.SIGTERM
    await running.stop()


async def test_it_is_killed(processes: Processes, tmp_path: Path):
    running = await processes.start(program(tmp_path, "import time; time.sleep(600)"))
    await running.kill()
    assert await running.wait() == -signal.SIGKILL


async def test_output_that_goes_to_the_log_is_not_read(processes: Processes, tmp_path: Path):
    running = await processes.start(program(tmp_path, "print('to the log')"))
    with pytest.raises(ClusterError):
        await running.line(1)
    await running.wait()
    assert tail(tmp_path / "log") == "to the log"


async def test_a_command_that_fails_shows_the_end_of_its_log(processes: Processes, tmp_path: Path):
    await processes.run(program(tmp_path, "print('fine')"))
    with pytest.raises(ClusterError) as caught:
        await processes.run(program(tmp_path, "raise SystemExit('no such thing')"))
    assert "no such thing" in str(caught.value)
    with pytest.raises(ClusterError):
        await processes.run(program(tmp_path, "import time; time.sleep(600)"), timeout_s=0.05)


async def test_closing_stops_everything(tmp_path: Path):
    processes = Processes()
    await processes.open()
    running = [
        await processes.start(program(tmp_path, "import time; time.sleep(600)")) for _ in range(2)
    ]
    await processes.close()
    assert not any(process.alive for process in running)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_root_runs_it_as_nobody(processes: Processes, tmp_path: Path):
    command = ["/bin/sh", "-c", "id -u; id -G"]
    as_nobody = Program(name="id", command=command, log=tmp_path / "log", unprivileged=True)
    await processes.run(as_nobody)
    assert tail(tmp_path / "log") == "65534\n65534"


def test_a_folder_that_nobody_may_read_is_known(tmp_path: Path):
    assert readable_by_nobody(Path("/usr/bin"))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not readable_by_nobody(closed)


def test_a_copy_is_made_once(tmp_path: Path):
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "file").write_text("1")
    assert copy_for_nobody(source, target) == target
    (source / "file").write_text("2")
    copy_for_nobody(source, target)
    assert (target / "file").read_text() == "1"
