"""A whole cluster in a pseudo-terminal of 80 columns, as a person at a laptop has it."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from uptc_messenger.cluster.cluster import Cluster, Plan
from uptc_messenger.cluster.console import Console
from uptc_messenger.cluster.status import Status
from uptc_messenger.cluster.terminal import Press, Terminal

PATIENCE_S = 60.0
_SITS_DOWN = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, '-m', 'uptc_messenger', *sys.argv[1:]])"
)
"""A program whose terminal this is: Ctrl-C there is for it."""

_CODE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Seat:
    """A person before the table: presses keys and reads."""

    def __init__(self, *options: str) -> None:
        self._fd, program = pty.openpty()
        fcntl.ioctl(program, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SITS_DOWN, "cluster", "--port", "0", *options],
            stdin=program,
            stdout=program,
            stderr=program,
            start_new_session=True,
        )
        os.close(program)
        self._seen = ""

    def press(self, keys: str) -> None:
        os.write(self._fd, keys.encode())

    def sees(self, pattern: str) -> str:
        """Wait for something to appear after what was waited for before."""
        late = time.monotonic() + PATIENCE_S
        while (found := re.search(pattern, self._seen)) is None:
            assert time.monotonic() < late, f"{pattern} did not appear in:\n{self._seen[-3000:]}"
            self._seen += _CODE.sub("", os.read(self._fd, 65_536).decode(errors="replace"))
        self._seen = self._seen[found.end() :]
        return found[0]

    def leave(self) -> int:
        """Read to the end, and return how it ended."""
        try:
            while os.read(self._fd, 65_536):
                pass
        except OSError:  # a terminal without a program says so
            pass
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._fd)


@pytest.fixture
def seat() -> Generator[Seat, None, None]:
    """One node, and what it stands on."""
    made = Seat("--nodes", "1")
    yield made
    made.close()


def family(folder: str) -> set[int]:
    """The processes that belong to a cluster: its folder is in their settings or commands."""
    found: set[int] = set()
    for entry in Path("/proc").iterdir():
        try:
            about = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if entry.name.isdigit() and folder.encode() in about:
            found.add(int(entry.name))
    return found


def test_a_node_is_killed_and_recovers_by_single_keys_and_ctrl_c_leaves_nothing(seat: Seat):
    folder = seat.sees(r"/\S*uptc-cluster-[^\s.]+")
    seat.sees("> node-1 +ready")
    assert len(family(folder)) >= 3
    seat.press("?")
    seat.sees("cut a node off from the bus")
    seat.press("1k")
    seat.sees("node-1 was killed")
    seat.sees(r"node-1: ready → dead \(after")
    seat.press("s")
    seat.sees("node-1 runs")
    seat.sees(r"node-1: (dead|not ready) → ready \(after")
    seat.press("\x03")  # the terminal makes a signal of it
    assert seat.leave() == 0
    assert family(folder) == set()
    assert not Path(folder).exists()


class Screen:
    """A terminal whose person is this test."""

    def __init__(self) -> None:
        self.press: Press = lambda _: None
        self.shown: list[str] = []
        self.size = (80, 24)

    @contextmanager
    def taken(self, press: Press) -> Generator[None, None, None]:
        self.press = press
        yield

    def show(self, lines: Sequence[str]) -> None:
        self.shown = list(lines)


async def test_q_asks_for_the_end_and_what_cannot_be_done_is_said():
    cluster, screen, left = Cluster(Plan(nodes=1)), Screen(), asyncio.Event()
    console = Console(cluster, Status(cluster), cast("Terminal", screen), left.set)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(console.run())
        while not screen.shown:  # noqa: ASYNC110
            await asyncio.sleep(0)
        screen.press("k")
        while "node-1 does not run." not in screen.shown:  # noqa: ASYNC110
            await asyncio.sleep(0)
        screen.press("q")
        await left.wait()
        running.cancel()
    cluster.run.rmdir()
