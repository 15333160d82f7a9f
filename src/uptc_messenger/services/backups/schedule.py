"""Backups that the server makes by itself: one after the other, each proven by a restore."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from uptc_messenger.services.backups import history, runner
from uptc_messenger.services.backups.config import BackupConfig
from uptc_messenger.services.backups.history import HistoryFile
from uptc_messenger.services.backups.rotation import name_at, rotate
from uptc_messenger.toolkit.clock import Clock, wall_clock

Make = Callable[[Path], Awaitable[str | None]]
"""Makes a backup and proves it; returns why it could not."""

_LOOK_EVERY_S: Final = 60.0
_AGAIN_AFTER_MS: Final = 3_600_000
_HOUR_MS: Final = 3_600_000
_log = structlog.get_logger(__name__)


def of_server(
    config: BackupConfig, data: Path, database_url: str, files_url: str = ""
) -> "Schedule":
    """The backups of the server that has this data folder, each in a process of its own."""
    environment = {"UPTC_DATA": str(data), "UPTC_DATABASE": database_url, "UPTC_FILES": files_url}
    folder = Path(config.dir) if config.dir else data / "backups"
    make = partial(runner.run, environment=environment)
    return Schedule(config, folder, history.of(data), make, wall_clock)


class Schedule:
    """When the next backup is due, and what became of the last."""

    def __init__(
        self, config: BackupConfig, folder: Path, history: HistoryFile, make: Make, clock: Clock
    ) -> None:
        self._config = config
        self._folder = folder
        self._make = make
        self._clock = clock
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do, of those that could."""

        self.history = history

    async def run(self) -> None:
        """Look once a minute whether a backup is due; a clock that was set shifts one at most."""
        self.history.begin()
        while self._config.every_h > 0:
            if self.ours() and self.due():
                await self.back_up()
            await asyncio.sleep(_LOOK_EVERY_S)

    def due(self) -> bool:
        """Whether a backup is late; after one that failed the next attempt is an hour later."""
        known, now = self.history.read(), self._clock()
        every = int(self._config.every_h * _HOUR_MS)
        failure = known.failure.at if known.failure else None
        if failure is not None and 0 <= now - failure < min(_AGAIN_AFTER_MS, every):
            return False
        last = known.last_backup.at if known.last_backup else known.since
        # A last one in the future is of a clock that was wrong: it says nothing.
        return failure is not None or not 0 <= now - last < every

    async def back_up(self) -> None:
        """Make a backup now, and delete those that need not be kept."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            reason = await self._make(self._folder / name_at(self._clock()))
            if reason is None:
                deleted = await asyncio.to_thread(rotate, self._folder, self._config)
                _log.info("backup made and proven", deleted=len(deleted))
        except OSError as error:
            reason = f"{error}"
        if reason is not None:
            self.history.failed(reason)
            _log.error("backup failed", reason=reason)
