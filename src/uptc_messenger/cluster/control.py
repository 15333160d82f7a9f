"""A running cluster listens on a socket in its folder; other commands speak to it there."""

import asyncio
import contextlib
import json
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from uptc_messenger.cluster.cluster import PREFIX
from uptc_messenger.cluster.processes import ClusterError
from uptc_messenger.toolkit.tasks import TaskGroup

SOCKET: Final = "control"
_PATIENCE_S: Final = 1.0
Answer = Callable[[Sequence[str]], Awaitable[str]]


class Control:
    """Takes one line of words as JSON and answers with one; for the same user only."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._path = folder / SOCKET
        self._answer = answer
        self._server: asyncio.Server | None = None
        self._tasks = TaskGroup("control")

    async def open(self) -> None:
        """Listen."""
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._accept, self._path)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Stop listening, once what is asked was answered."""
        if self._server is not None:
            self._server.close()
        await self._tasks.drain(_PATIENCE_S)
        await self._tasks.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start("question", self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            words = json.loads(await reader.readline())
            try:
                told = {"done": await self._answer(words)}
            except ClusterError as error:
                told = {"refused": str(error)}
            writer.write(json.dumps(told).encode() + b"\n")
            await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def find() -> Path:
    """The folder of this user's only running cluster; raises `ClusterError`."""
    pattern = f"{PREFIX}{os.geteuid()}-*/{SOCKET}"
    found = [path.parent for path in Path(tempfile.gettempdir()).glob(pattern) if _lives(path)]
    if not found:
        raise ClusterError("No cluster runs; start one with: uptc-messenger cluster")
    if len(found) > 1:
        raise ClusterError(
            f"Several clusters run; name one with --run: {', '.join(map(str, found))}"
        )
    return found[0]


def _lives(path: Path) -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))
        return True
    return False


async def ask(folder: Path, words: Sequence[str]) -> str:
    """Have a running cluster do something; returns its sentence, raises `ClusterError`."""
    try:
        reader, writer = await asyncio.open_unix_connection(folder / SOCKET)
    except OSError as error:
        raise ClusterError(f"No cluster listens in {folder}.") from error
    writer.write(json.dumps(list(words)).encode() + b"\n")
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    told: dict[str, str] = json.loads(line) if line else {"refused": "The cluster ended."}
    if "refused" in told:
        raise ClusterError(told["refused"])
    return told["done"]
