"""Taking files in: a part at a time, and at the end a look at what they are.

Nothing counts until the commit that says so: an object without a row is let go of with the
key of its file.
"""

import asyncio
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import msgspec

from uptc_messenger.database import Database, Row, Transaction
from uptc_messenger.models.base import FileId, UserId
from uptc_messenger.models.errors import BadRequest, Conflict, NotFound, TooLarge, Unavailable
from uptc_messenger.models.files import Completion, File, Reservation, Upload, Usage
from uptc_messenger.services.files import contents, presenting, repository, uploads
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.contents import new_object, object_prefix
from uptc_messenger.services.files.examining import Differs, Examiner, Unfit
from uptc_messenger.services.files.hashing import Hash, Hashes
from uptc_messenger.services.files.parts import Slots
from uptc_messenger.services.files.receiving import Body, Rooms, Take
from uptc_messenger.services.files.store import Draft, Store
from uptc_messenger.services.files.uploads import Part, Place, Settled, Taken
from uptc_messenger.toolkit.clock import rfc3339

_HOUR_MS: Final = 3_600_000


class Intake:
    """What a person may do with files of one's own."""

    def __init__(
        self, database: Database, store: Store, examiner: Examiner, config: FilesConfig
    ) -> None:
        self._database = database
        self._store = store
        self._examiner = examiner
        self._config = config
        self._hashes = Hashes()
        self._rooms = Rooms()
        self._ending: weakref.WeakValueDictionary[FileId, asyncio.Lock] = (
            weakref.WeakValueDictionary()
        )
        self.slots = Slots(config.parts_at_once)
        self.bytes = 0
        self.completed = 0

    @property
    def part_bytes(self) -> int:
        """The most that one part may have."""
        return self._config.part_most

    async def reserve(self, user_id: UserId, wanted: Reservation) -> tuple[Upload, bool]:
        """Begin an upload, once however often this is asked, and whether it is new."""
        row, new = await self._database.write(
            lambda tx: uploads.reserve(tx, user_id, wanted, self._config)
        )
        return self._told(row), new

    async def usage(self, user_id: UserId) -> Usage:
        """What a person stores, and may."""
        return await self._database.read(
            lambda reader: uploads.usage(reader, user_id, self._config)
        )

    async def state(self, user_id: UserId, file_id: FileId) -> Upload:
        """How far an upload is."""
        return self._told(await self._own(user_id, file_id))

    async def expects(self, user_id: UserId, file_id: FileId, start: int) -> Place:
        """Where a part that begins at `start` goes, before any of it is read."""
        row = await self._own(user_id, file_id)
        if start > row.received:
            raise uploads.misplaced(row)
        return Place(row=row, start=start, most=min(self.part_bytes, row.size - start))

    async def put_part(self, place: Place, body: Body) -> Upload:
        """Store the part that begins there; the same again is not stored again.

        Only the commit knows what became of the upload meanwhile.
        """
        row = place.row
        if not uploads.is_next(row, place.start):
            uploads.require_place(row, place.start, await self._rooms.measure(body))
            return self._told(row)
        hashed = self._hashes.begun(row.id, place.start)
        name = new_object(row.key)
        async with self._store.draft(name) as draft:
            size = await self._rooms.pour(body, _hashing(hashed, draft))
            uploads.require_size(row, place.start, size)
        part = Part(start=place.start, size=size, object=name)
        taken = await self._take(row, part)
        if taken.added:
            self.bytes += size
            self._hashes.keep(row.id, part.start + size, hashed)
        return self._told(taken.row, taken)

    async def complete(self, user_id: UserId, file_id: FileId, wanted: Completion) -> File:
        """Look at what was uploaded, and make it a file; the same again gives the same."""
        lock = self._ending.setdefault(file_id, asyncio.Lock())
        async with lock:
            row = await self._own(user_id, file_id)
            if row.state == "pending":
                await self._complete(row, bytes.fromhex(wanted.sha256))
                row = await self._own(user_id, file_id)
        return presenting.file_of(row)

    async def cancel(self, user_id: UserId, file_id: FileId) -> None:
        """Let go of an upload, or of a file that nothing uses."""
        self._hashes.forget(file_id)
        await self._database.write(lambda tx: uploads.let_go(tx, user_id, file_id))

    async def _take(self, row: Row, part: Part) -> Taken:
        """Add a part that is stored; if it is not added its object is let go of."""
        added = True
        try:
            taken = await self._database.write(lambda tx: uploads.take_part(tx, row, part))
            added = taken.added
        except (NotFound, Conflict):
            # After any other problem nobody knows whether the commit took place.
            added = False
            raise
        finally:
            if not added:
                await self._store.delete([part.object])
        return taken

    async def _complete(self, row: Row, expected: bytes) -> None:
        if row.received != row.size:
            raise uploads.misplaced(row)
        parts = await self._database.read(
            lambda reader: contents.parts_of(reader, row.id, 0, row.size)
        )
        known = self._hashes.digest(row.id, row.size)
        if known is not None and known != expected:
            return await self._begin_again(row, parts)
        try:
            done = await self._examiner.examine(row, parts, expected, trusted=known is not None)
        except Differs:
            await self._begin_again(row, parts)
        except Unfit as unfit:
            await self._database.write(lambda tx: uploads.doom(tx, row))
            raise BadRequest(unfit.sentence, details={"reason": unfit.reason}) from unfit
        else:
            await self._settle(row, done)

    async def _settle(self, row: Row, done: Settled) -> None:
        def settle(tx: Transaction) -> bool:
            settled = uploads.settle(tx, row, done)
            uploads.require_fits(tx, row, done.size, self._config)
            return settled

        try:
            settled = await self._database.write(settle)
        except TooLarge:
            await self._database.write(lambda tx: uploads.doom(tx, row))
            raise
        self.completed += settled
        self._hashes.forget(row.id)
        with suppress(Unavailable):  # what is left over goes with the file
            await tidy(self._database, self._store, row)

    async def _begin_again(self, row: Row, parts: Sequence[Part]) -> None:
        """Let go of what arrived; of a file that another node has made of it nothing is touched."""
        self._hashes.forget(row.id)
        if not await self._database.write(lambda tx: repository.reset(tx, row.id)):
            return
        # By their names: a part that comes in at this moment is another object.
        await self._store.delete([part.object for part in parts])
        raise Conflict(
            "What arrived is not what was sent: send it again from the beginning.",
            details={"reason": "hash_mismatch", "offset": "0"},
        )

    async def _own(self, user_id: UserId, file_id: FileId) -> Row:
        return await self._database.read(
            lambda reader: uploads.require_own(reader, user_id, file_id)
        )

    def _told(self, row: Row, taken: Taken | None = None) -> Upload:
        unused_ms = int(self._config.unused_h * _HOUR_MS)
        upload = presenting.upload_of(row, self.part_bytes, unused_ms)
        if taken is None:
            return upload
        expires_at = rfc3339(taken.at + unused_ms)
        return msgspec.structs.replace(upload, offset=taken.received, expires_at=expires_at)


def _hashing(hashed: Hash | None, draft: Draft) -> Take:
    def take(piece: memoryview) -> None:
        if hashed is not None:
            hashed.update(piece)
        draft.write(piece)

    return take


async def tidy(database: Database, store: Store, row: Row) -> None:
    """Delete the objects under the key of a file that is ready which are not part of it."""
    found = set(await store.names(object_prefix(row.key)))
    kept = await database.read(lambda reader: contents.objects_of(reader, row.id))
    await store.delete(sorted(found - kept))
