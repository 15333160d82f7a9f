"""The processes of a cluster: each in a session of its own, none of them left behind."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from uptc_messenger.cluster import reaper

NOBODY: Final = 65_534
"""Who runs PostgreSQL for root: it refuses root itself."""

_STOP_S: Final = 20.0
_READ: Final = stat.S_IROTH | stat.S_IXOTH
_QUIET: Final[dict[str, str]] = {"LC_ALL": "C.UTF-8"}


class ClusterError(Exception):
    """The cluster cannot do this; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how it is asked to end."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    unprivileged: bool = False
    """As root: run it as `nobody`."""

    ends_with: signal.Signals = signal.SIGTERM
    reads_output: bool = False
    """Its standard output is read by us, not written to the log."""


class Running:
    """A process of ours."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self._process = process
        self.paused = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def line(self, timeout_s: float) -> str:
        """The next line of its standard output; empty where it ended."""
        if (output := self._process.stdout) is None:
            raise ClusterError(f"The output of {self.program.name} is in {self.program.log}.")
        async with asyncio.timeout(timeout_s):
            return (await output.readline()).decode().strip()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def pause(self) -> None:
        """Stop it in its tracks, its children too."""
        self.signal(signal.SIGSTOP)
        self.paused = True

    def resume(self) -> None:
        """Let it go on."""
        self.signal(signal.SIGCONT)
        self.paused = False

    async def wait(self) -> int:
        """Wait for its end; returns its code."""
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and make it end where it does not."""
        if not self.alive:
            return
        self.resume()
        self.signal(self.program.ends_with)
        try:
            async with asyncio.timeout(_STOP_S):
                await self.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it without a word, as a power failure does."""
        self.signal(signal.SIGKILL)
        self.paused = False
        await self.wait()


class Processes:
    """Starts processes and sees that they end, also where this one is killed."""

    def __init__(self) -> None:
        self._running: list[Running] = []
        self._reaper: asyncio.subprocess.Process | None = None

    async def open(self) -> None:
        """Start the reaper, which outlives this process if it must."""
        self._reaper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            reaper.__file__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def remove_later(self, folder: Path) -> None:
        """Should this process be killed, the folder goes too."""
        self._tell(f"remove {folder}")

    async def start(self, program: Program) -> Running:
        """Start a process; the caller waits for whatever says that it is ready."""
        drop = program.unprivileged and os.geteuid() == 0
        with program.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE if program.reads_output else log,
                stderr=log,
                cwd="/",
                env={**os.environ, **_QUIET, **program.environment},
                start_new_session=True,
                user=NOBODY if drop else None,
                group=NOBODY if drop else None,
                extra_groups=[] if drop else None,
            )
        self._tell(f"watch {process.pid} {int(program.ends_with)}")
        running = Running(program, process)
        self._running.append(running)
        return running

    async def run(self, program: Program, timeout_s: float = 60.0) -> None:
        """Run a command to its end; raises `ClusterError` with the end of its log."""
        running = await self.start(program)
        try:
            async with asyncio.timeout(timeout_s):
                code = await running.wait()
        except TimeoutError:
            await running.kill()
            code = -1
        self.forget(running)
        if code != 0:
            raise ClusterError(f"{program.name} failed:\n{tail(program.log)}")

    def forget(self, running: Running) -> None:
        """It has ended and is of no more interest."""
        self._running.remove(running)
        self._tell(f"forget {running.pid}")

    async def close(self) -> None:
        """Stop everything, the youngest first, and the reaper."""
        for running in reversed(self._running):
            await running.stop()
        self._tell("done")
        if self._reaper is not None:
            await self._reaper.communicate()

    def _tell(self, line: str) -> None:
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.write(f"{line}\n".encode())


def tail(log: Path, lines: int = 12) -> str:
    """The end of a log, to show a person."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def give(folder: Path) -> None:
    """As root: make a folder of ours one of whoever runs PostgreSQL."""
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)


def readable_by_nobody(path: Path) -> bool:
    """Whether `nobody` may go into every folder on the way and read what is there."""
    path = path.resolve()
    return all(p.stat().st_mode & _READ == _READ for p in [path, *path.parents])


def copy_for_nobody(source: Path, target: Path) -> Path:
    """A copy that `nobody` may read, made once."""
    if not target.exists():
        shutil.copytree(source, target, symlinks=True)
    return target
