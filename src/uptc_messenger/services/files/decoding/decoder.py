"""Starting decoders: a few at a time, a few more waiting, each for so long and no longer."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec
import structlog

from uptc_messenger.models.errors import Overloaded
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.decoding import films, pages
from uptc_messenger.services.files.decoding.task import NONE, Answer, Task, TaskKind

_PROGRAM: Final = (sys.executable, "-I", "-m", "uptc_messenger.services.files.decoding.child")
_AGAIN_MS: Final = 3_000
_log = structlog.get_logger(__name__)


class Ended(Overloaded):
    """A decoder took too long or too much, or died: nothing is known of the file."""


class _Died(Exception):
    """It did not say why."""


class Decoders:
    """Looks into files for whoever asks."""

    def __init__(self, config: FilesConfig) -> None:
        self._config = config
        self._turns = asyncio.Semaphore(config.decoders)
        self._has_films = config.previews == "all" and films.available()
        self._has_pages = config.previews == "all" and pages.available()
        self.waiting = 0
        self.running = 0
        self.failed = 0
        self.refused = 0

    def looks_into(self, kind: TaskKind) -> bool:
        """Whether there is a decoder for it here."""
        if kind in {"video", "audio"}:
            return self._has_films
        if kind == "page":
            return self._has_pages
        return True

    async def decode(self, kind: TaskKind, media_type: str, folder: Path) -> Answer:
        """Wait for one's turn, and `look`; raises `Overloaded`, too, where too many are waiting."""
        async with self.turn():
            return await self.look(kind, media_type, folder)

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """Be one of the few; what a decoder needs is made once it is one's turn.

        Raises `Overloaded` where too many are waiting.
        """
        if self.waiting >= self._config.decoders_waiting + self._config.decoders:
            self.refused += 1
            raise Overloaded(retry_after_ms=_AGAIN_MS)
        self.waiting += 1
        try:
            async with self._turns:
                self.running += 1
                try:
                    yield
                finally:
                    self.running -= 1
        finally:
            self.waiting -= 1

    async def look(self, kind: TaskKind, media_type: str, folder: Path) -> Answer:
        """Look into `folder/content`, in one's turn; nothing is seen in what is none.

        Raises `Ended` where the decoder did not come to an end by itself.
        """
        task = Task(
            kind=kind,
            type=media_type,
            folder=str(folder),
            memory_bytes=self._config.decoder_memory_bytes,
            seconds=self._config.decoder_s,
        )
        try:
            found = await self._run(task)
            return Answer() if found is None else msgspec.json.decode(found, type=Answer)
        except (TimeoutError, _Died, msgspec.MsgspecError) as error:
            self._note(task, type(error).__name__)
            raise Ended(retry_after_ms=_AGAIN_MS) from error

    async def _run(self, task: Task) -> bytes | None:
        process = await asyncio.create_subprocess_exec(
            *_PROGRAM,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": _path()},
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(self._config.decoder_s):
                found, why = await process.communicate(msgspec.json.encode(task))
        finally:
            await _end(process)
        if process.returncode == 0:
            return found
        if process.returncode != NONE:
            raise _Died
        self._note(task, why.decode(errors="replace").strip()[-80:])
        return None

    def _note(self, task: Task, why: str) -> None:
        self.failed += 1
        _log.info("a file has no preview", kind=task.kind, type=task.type, reason=why)


def _path() -> str:
    return os.environ.get("PATH", os.defpath)


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a decoder, and with it whatever it has started, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
