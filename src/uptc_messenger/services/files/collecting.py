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
from uptc_messenger.models.base import ChatId, Millis
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.files import repository, uploads
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.contents import object_prefix
from uptc_messenger.services.files.store import Store
from uptc_messenger.toolkit.clock import Clock

EVERY_S: Final = 60.0
_BATCH: Final = 100
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
        while await self._database.write(lambda tx: doom_stale(tx, before)) == _BATCH:
            pass
        while await self._delete_doomed() == _BATCH:
            pass

    def _release(self, chat_id: ChatId, tx: Transaction) -> bool:
        return self.release(tx, chat_id)

    async def _delete_doomed(self) -> int:
        rows = await self._database.read(lambda reader: repository.doomed(reader, _BATCH))
        for row in rows:
            await self._delete(row)
        return len(rows)

    async def _delete(self, row: Row) -> None:
        await self._store.delete(await self._store.names(object_prefix(row.key)))
        if await self._database.write(lambda tx: repository.remove(tx, row.id)):
            self.collected += 1


def doom_stale(tx: Transaction, before: Millis) -> int:
    """Doom uploads and unused files that were last touched before an instant: how many looked at.

    Whether one is used is asked again in the statement that dooms it, with its row locked.
    """
    stale = [
        file_id
        for state in ("pending", "ready")
        for file_id in repository.stale(tx, state, before, _BATCH // 2)
    ]
    for row in repository.by_ids(tx, stale).values():
        uploads.doom(tx, row)
    return len(stale)


def _nothing(tx: Transaction, chat_id: ChatId) -> bool:
    del tx, chat_id
    return False
