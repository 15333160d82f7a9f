"""A real server in a process of its own, for tests that need nothing less."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A server that listens at `url`; what it logs goes to the file `log`."""

    url: str
    process: subprocess.Popen[str]
    log: Path
    data: Path

    def owner_link(self) -> str:
        """The link that the first start prints after the address; to be read once."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()[-1]

    def kill(self) -> None:
        """End it as a power failure would."""
        self.process.kill()
        self.process.wait(timeout=10)

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@contextmanager
def serving(data: Path, *options: str, **environment: str) -> Generator[Server, None, None]:
    """Start a server with its data in `data`, on a free port, and end it afterwards."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    command = [sys.executable, "-m", "uptc_messenger", "serve", "--port", "0", "--data", str(data)]
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*command, *options],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_clean_environment() | environment,
        )
    with process:
        try:
            yield Server(_address(process, log), process, log, data)
        finally:
            process.kill()


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("UPTC_")}


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("http://"):
            return line.strip()
    raise AssertionError(f"The server did not start:\n{log.read_text()}")
