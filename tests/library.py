"""Files of an installation without HTTP in between."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.core import World, new_message_id
from uptc_messenger.models.base import ChatId, FileId, MessageId, UploadId, UserId
from uptc_messenger.models.files import Completion, File, Reservation, Upload
from uptc_messenger.models.messages import Body
from uptc_messenger.models.scheduled import Scheduled, ScheduledPut
from uptc_messenger.services.files import repository
from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.service import Files, open_files
from uptc_messenger.services.messages import attachments, scheduling
from uptc_messenger.services.messages.posting import Post, post
from uptc_messenger.toolkit.ids import uuid7


class Piecemeal:
    """A body that is all there already."""

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    async def fill(self, room: memoryview) -> int:
        piece, self._rest = self._rest[: len(room)], self._rest[len(room) :]
        room[: len(piece)] = piece
        return len(piece)


class Library:
    """A world with a store beside it."""

    def __init__(self, world: World, folder: Path, **limits: Any) -> None:
        self.world = world
        self.folder = folder / "files"
        self.config = FilesConfig(**limits)
        self.files: Files = open_files(self.config, folder, world.database, world.clock)
        self.files.collector.gone = attachments.of_deleted
        self.files.collector.release = attachments.release_chat

    async def reserve(self, owner: UserId, size: int, **more: Any) -> FileId:
        wanted = Reservation(
            upload_id=more.pop("upload_id", UploadId(uuid7())),
            name=more.pop("name", "a.txt"),
            size=size,
            **more,
        )
        upload, _ = await self.files.intake.reserve(owner, wanted)
        return upload.file_id

    async def put(self, owner: UserId, data: bytes, **more: Any) -> File:
        """A whole file."""
        file_id = await self.reserve(owner, len(data), **more)
        await self.part(owner, file_id, data)
        return await self.complete(owner, file_id, data)

    async def part(self, owner: UserId, file_id: FileId, data: bytes, start: int = 0) -> Upload:
        """A part as a request brings it: its place is asked for before it comes in."""
        place = await self.files.intake.expects(owner, file_id, start)
        return await self.files.intake.put_part(place, Piecemeal(data))

    async def complete(self, owner: UserId, file_id: FileId, data: bytes) -> File:
        wanted = Completion(sha256=hashlib.sha256(data).hexdigest())
        return await self.files.intake.complete(owner, file_id, wanted)

    async def send(
        self, by: UserId, chat_id: ChatId, file_ids: Sequence[FileId], text: str = ""
    ) -> MessageId:
        item = Post(
            author_id=by,
            chat_id=chat_id,
            message_id=new_message_id(),
            body=Body(text=text),
            file_ids=tuple(file_ids),
        )
        await self.world.database.write_each(post, item)
        return item.message_id

    async def schedule(
        self,
        by: UserId,
        chat_id: ChatId,
        file_ids: Sequence[FileId],
        message_id: MessageId | None = None,
    ) -> Scheduled:
        """Files without a word that are to be sent in a minute."""
        wanted = ScheduledPut(
            body=Body(text=""),
            send_at=datetime.fromtimestamp(self.world.clock.now / 1000 + 60, UTC),
            file_ids=list(file_ids),
        )
        once = message_id or new_message_id()
        made = await self.world.as_holder(
            by, chat_id, lambda tx, m: scheduling.put(tx, m, once, wanted)
        )
        return made.scheduled

    async def state(self, file_id: FileId) -> tuple[str, int]:
        """The state of a file, and how often it is used."""
        row = await self.world.database.read(lambda r: repository.by_id(r, file_id))
        assert row is not None
        return row.state, row.uses

    @property
    def objects(self) -> list[Path]:
        """Everything that is in the store."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())
