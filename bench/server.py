"""The server under test, in a process of its own, on a core of its own where there are two."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

PASSWORD: Final = "una clave de banco"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_COMMAND: Final = Path(sys.executable).parent / "uptc-messenger"


class Server:
    """A running server and what the kernel says of it."""

    def __init__(self, process: subprocess.Popen[str], port: int, started_s: float) -> None:
        self.process = process
        self.port = port
        self.started_s = started_s

    def owner_code(self) -> str:
        """The code that makes the owner, which the first start prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rpartition("#")[2].strip()

    @property
    def cpu_s(self) -> float:
        """Seconds of CPU that the process has used, in user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def rss_kb(self) -> int:
        """Resident memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])


class Seed:
    """Accounts and groups that were made for a run."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self.tokens: dict[str, str] = {
            line["user_id"]: line["token"] for line in lines if "token" in line
        }
        self.chats: list[dict[str, Any]] = [line for line in lines if "chat_id" in line]


def seed(data: Path, database: str | None = None, **options: object) -> Seed:
    """Fill the installation in `data`; options are those of `dev seed`."""
    given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    done = subprocess.run(
        [_COMMAND, "dev", "seed", "--data", data, "--password", PASSWORD, *given],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(database),
    )
    return Seed([json.loads(line) for line in done.stdout.splitlines()])


def _environment(database: str | None) -> dict[str, str]:
    return {**os.environ, **({"UPTC_DATABASE": database} if database else {})}


@contextmanager
def serving(
    data: Path, limits: str = "off", port: int = 0, database: str | None = None
) -> Generator[Server]:
    """A server, without limits unless they are `on`; stopped at the end."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [_COMMAND, "serve", "--port", str(port), "--data", data],
        env={**_environment(database), "UPTC_LIMITS": limits, "UPTC_LOG_LEVEL": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with saying(process) as address:
        server = Server(process, int(address.rpartition(":")[2]), time.perf_counter() - begun)
        if len(os.sched_getaffinity(0)) > 1:
            one, other = sorted(os.sched_getaffinity(0))[:2]
            pin(process.pid, one)
            pin(0, other)
        yield server


@contextmanager
def saying(process: subprocess.Popen[str]) -> Generator[str]:
    """The first line that a process of ours prints; it is stopped at the end."""
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def pin(pid: int, core: int) -> None:
    """Keep every thread of a process on one core."""
    for thread in os.listdir(f"/proc/{pid or 'self'}/task"):  # noqa: PTH208
        os.sched_setaffinity(int(thread), {core})
