"""Pictures that the server itself keeps: drawn anew, of nobody, seen by who sees their place."""

import asyncio
import hashlib
from typing import Final

from msgspec import structs

from uptc_messenger.database import Database, Row, Transaction
from uptc_messenger.models.base import FileId, UploadId, UserId
from uptc_messenger.models.files import Description, Reservation
from uptc_messenger.services.files import naming, presenting, uploads
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.contents import new_object
from uptc_messenger.services.files.decoding.decoder import Decoders
from uptc_messenger.services.files.decoding.task import CLEAN, CONTENT, Answer
from uptc_messenger.services.files.examining import Examiner
from uptc_messenger.services.files.presenting import About
from uptc_messenger.services.files.sniffing import HEAD, IMAGES, sniff
from uptc_messenger.services.files.store import Store
from uptc_messenger.services.files.uploads import Part, Settled
from uptc_messenger.toolkit.ids import uuid7

SERVER: Final = UserId("00000000-0000-0000-0000-000000000000")
"""Who owns what nobody uploaded: it counts for the server, and for no person."""

_TYPE: Final = "image/webp"


class Hosting:
    """Keeps pictures that came from elsewhere."""

    def __init__(
        self,
        database: Database,
        store: Store,
        looking: tuple[Examiner, Decoders],
        limits: FilesConfig,
    ) -> None:
        self._database = database
        self._store = store
        self._examiner, self._decoders = looking
        self._limits = structs.replace(limits, user_bytes=0)

    async def keep(self, data: bytes, alt: Description = "") -> FileId | None:
        """Draw a picture anew and keep that; None for what is none, or is too much of one.

        Nothing uses it yet: it goes like any file that nothing uses. Raises `Overloaded`,
        `TooLarge` where the server has no room left, and what the store raises.
        """
        found = sniff(data[:HEAD])
        if found not in IMAGES:
            return None
        async with self._decoders.turn(), self._examiner.room() as folder:
            await asyncio.to_thread((folder / CONTENT).write_bytes, data)
            answer = await self._decoders.look("cover", found, folder)
            if not answer.seen:
                return None
            drawn = await asyncio.to_thread((folder / CLEAN).read_bytes)
        return await self._keep(drawn, answer, alt)

    async def is_there(self, file_id: FileId) -> bool:
        """Whether a picture that was kept is still there to be used."""
        found = await self._database.read(lambda reader: presenting.shown(reader, [file_id]))
        return file_id in found

    async def _keep(self, drawn: bytes, answer: Answer, alt: str) -> FileId:
        wanted = Reservation(upload_id=UploadId(uuid7()), name="preview.webp", size=len(drawn))
        row, _ = await self._database.write(
            lambda tx: uploads.reserve(tx, SERVER, wanted, self._limits)
        )
        part = Part(start=0, size=len(drawn), object=new_object(row.key))
        await self._store.put(part.object, drawn)
        done = _settled(row, drawn, answer, alt)

        def settle(tx: Transaction) -> None:
            uploads.settle(tx, uploads.take_part(tx, row, part).row, done)

        await self._database.write(settle)
        return row.id


def _settled(row: Row, drawn: bytes, answer: Answer, alt: str) -> Settled:
    said = naming.described(alt)
    return Settled(
        type=_TYPE,
        kind="image",
        sha256=hashlib.sha256(drawn).digest(),
        size=row.size,
        about=About(alt=said, width=answer.width, height=answer.height, thumbhash=answer.thumbhash),
    )
