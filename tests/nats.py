"""A real nats-server for tests: on a free port of this machine, gone at the end."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class Nats:
    """A server that can be killed and come back on the same port."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        command = [binary(), "-a", "127.0.0.1", "-p", str(self.port), *self._options]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not takes_connections(self.port):
            assert self._process.poll() is None, "the nats-server ended"
            assert time.monotonic() < deadline, "the nats-server does not listen"
            time.sleep(0.01)

    def kill(self) -> None:
        """End it without a goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def binary() -> str:
    """Where nats-server is: beside the Python that runs, or on the path."""
    beside = Path(sys.executable).with_name("nats-server")
    found = str(beside) if beside.is_file() else shutil.which("nats-server")
    assert found, "there is no nats-server: make setup-test installs it"
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def takes_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def serving(*options: str) -> Generator[Nats, None, None]:
    """A running server."""
    server = Nats(*options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
