"""Letting go: of uploads that nobody goes on with, of files that nothing uses, of objects.

One node does it for all, while it holds the lease; two at once do no harm. A file is doomed
first, in a commit that finds it unused; its objects go afterwards, and its row last, so that
whatever ends in between is gone on with.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Row, Transaction
from uptc_messenger.models.base import ChatId, FileId, Millis
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.files import repository, uploads
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.contents import object_prefix
from uptc_messenger.services.files.store import Store
from uptc_messenger.toolkit.clock import Clock

EVERY_S: Final = 60.0
_BATCH: Final = 100
_STATES: Final = ("pending", "ready")
_FIRST: Final = (0, FileId("00000000-0000-0000-0000-000000000000"))
_PATIENCE: Final = 10
"""So many files in a row that cannot be deleted are a store that is away."""

_HOUR_MS: Final = 3_600_000
_log = structlog.get_logger(__name__)


class Collector:
    """Looks once a minute for what may go."""

    def __init__(self, database: Database, store: Store, config: FilesConfig, clock: Clock) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self.gone: Callable[[Reader], Sequence[ChatId]] = lambda _: ()
        """Tells some of the chats that were deleted and still have files."""

        self.release: Callable[[Transaction, ChatId], bool] = _nothing
        """Lets go of some of the files of such a chat; whether there are more."""

        self._database = database
        self._store = store
        self._clock = clock
        self._unused_ms = int(config.unused_h * _HOUR_MS)
        self.collected = 0

    async def run(self) -> None:
        """Collect until cancelled; what fails is tried again."""
        while True:
            if self.ours():
                try:
                    await self.collect()
                except Problem as problem:
                    _log.warning("files that may go stay", problem=problem.code)
            await asyncio.sleep(EVERY_S)

    async def collect(self) -> None:
        """Let go of all that may go now."""
        for chat_id in await self._database.scan(self.gone):
            while await self._database.write(partial(self._release, chat_id)):
                pass
        before = self._clock() - self._unused_ms
        for state in _STATES:
            await self._doom(state, before)
        await self._delete_doomed()

    def _release(self, chat_id: ChatId, tx: Transaction) -> bool:
        return self.release(tx, chat_id)

    async def _doom(self, state: str, before: Millis) -> None:
        def find(reader: Reader) -> list[FileId]:
            return repository.stale(reader, state, before, _BATCH)

        while found := await self._database.scan(find):
            doom = partial(doom_stale, file_ids=found, before=before)
            if not await self._database.write(doom):
                break

    async def _delete_doomed(self) -> None:
        after, failures = _FIRST, 0
        while rows := await self._database.read(partial(_doomed, after=after)):
            for row in rows:
                failures = 0 if await self._delete(row) else failures + 1
                if failures == _PATIENCE:
                    return
            after = (rows[-1].touched_at, rows[-1].id)

    async def _delete(self, row: Row) -> bool:
        """One file; one that cannot be deleted keeps no other from it."""
        try:
            await self._store.delete(await self._store.names(object_prefix(row.key)))
        except Problem as problem:
            _log.warning("a file that may go stays", file_id=row.id, problem=problem.code)
            return False
        if await self._database.write(lambda tx: repository.remove(tx, row.id)):
            self.collected += 1
        return True


def doom_stale(tx: Transaction, file_ids: Sequence[FileId], before: Millis) -> int:
    """Doom those of the files that are still unused and untouched since an instant: how many.

    Whether one is used is asked again in the statement that dooms it, with its row locked.
    """
    held = repository.held(tx, file_ids)
    return sum(uploads.doom(tx, row) for row in held.values() if row.touched_at < before)


def _doomed(reader: Reader, after: tuple[Millis, FileId]) -> Sequence[Row]:
    return repository.doomed(reader, after, _BATCH)


def _nothing(tx: Transaction, chat_id: ChatId) -> bool:
    del tx, chat_id
    return False
