"""What an upload turns out to be: its hash, its type, and what a decoder makes of it."""

import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, Final, Literal

from msgspec import structs

from uptc_messenger.database import Row
from uptc_messenger.models.files import FileKind
from uptc_messenger.services.files import contents, presenting
from uptc_messenger.services.files.contents import Stretch, new_object
from uptc_messenger.services.files.decoding.decoder import Decoders, Ended
from uptc_messenger.services.files.decoding.task import CLEAN, CONTENT, Answer, TaskKind
from uptc_messenger.services.files.hashing import Hash
from uptc_messenger.services.files.presenting import About, Kept
from uptc_messenger.services.files.sniffing import HEAD, IMAGES, UNKNOWN, kind_of, sniff
from uptc_messenger.services.files.store import Store, StoreAway, StoreFull
from uptc_messenger.services.files.uploads import Part, Settled

_PAGES: Final = "application/pdf"
_WEBP: Final = "image/webp"
_TASKS: Final[dict[FileKind, TaskKind]] = {"image": "image", "video": "video", "audio": "audio"}


class Differs(Exception):
    """What is stored has not the hash that was told."""


class Unfit(Exception):
    """Not what the client said that it would be."""

    def __init__(self, reason: Literal["not_image", "not_audio"], sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence
        super().__init__(sentence)


class Examiner:
    """Looks into uploads that are complete; `folder` is for what decoders read and write."""

    def __init__(self, store: Store, decoders: Decoders, folder: Path) -> None:
        self._store = store
        self._decoders = decoders
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)

    async def examine(
        self, row: Row, parts: Sequence[Part], expected: bytes, *, trusted: bool
    ) -> Settled:
        """What the file is; nothing is read again only to be hashed where that is `trusted`.

        Raises `Differs`, `Unfit`, and what store and decoders raise.
        """
        found = await self._sniff(row, parts)
        task = self._task(row, found)
        if task is None and trusted:
            return self._settled(row, found, expected, Answer(seen=True))
        async with self._decoders.turn(), self.room() as folder:
            place = None if task is None else folder / CONTENT
            if await self._copy(row, parts, place) != expected:
                raise Differs
            if task is None:
                return self._settled(row, found, expected, Answer(seen=True))
            answer = await self._look(task, found, folder)
            settled = self._settled(row, self._judged(row, task, found, answer), expected, answer)
            return await self._keep(row, settled, answer, folder)

    async def _look(self, task: TaskKind, found: str, folder: Path) -> Answer:
        """What a decoder says; where it was ended, what is known without one."""
        try:
            return await self._decoders.look(task, found, folder)
        except Ended:
            if task == "picture":
                raise
        if task == "image":
            return await self._decoders.look("clean", found, folder)
        return Answer(seen=True)

    async def _sniff(self, row: Row, parts: Sequence[Part]) -> str:
        stretch = Stretch(parts=parts, start=0, end=min(HEAD, row.size))
        head = b"".join([piece async for piece in contents.read(self._store, stretch)])
        spoken = presenting.about(row).voice is not None
        found = sniff(head, spoken=spoken)
        if row.purpose == "picture" and found not in IMAGES:
            raise _no_image()
        if spoken and kind_of(found) != "audio":
            raise _no_sound()
        return found

    def _task(self, row: Row, found: str) -> TaskKind | None:
        if row.purpose == "picture":
            return "picture"
        task: TaskKind | None = _TASKS.get(kind_of(found))
        if found == _PAGES:
            task = "page"
        return task if task is not None and self._decoders.looks_into(task) else None

    def _judged(self, row: Row, task: TaskKind, found: str, answer: Answer) -> str:
        """The type, now that somebody has looked: what only begins like a picture is none."""
        if answer.seen:
            return answer.type or found
        if task == "picture":
            raise _no_image()
        if presenting.about(row).voice is not None:
            raise _no_sound()
        return found if task == "page" else UNKNOWN

    def _settled(self, row: Row, found: str, sha256: bytes, answer: Answer) -> Settled:
        said = presenting.about(row)
        return Settled(
            type=found,
            kind="voice" if said.voice is not None else kind_of(found),
            sha256=sha256,
            size=row.size,
            about=About(
                voice=said.voice,
                alt=said.alt,
                width=answer.width,
                height=answer.height,
                duration_ms=answer.duration_ms,
                thumbhash=answer.thumbhash,
            ),
        )

    async def _keep(self, row: Row, settled: Settled, answer: Answer, folder: Path) -> Settled:
        """Store what the decoder made."""
        variants: list[Kept] = []
        for made in answer.made:
            part = await self._put(row, folder / made.name)
            kept = Kept(
                name=made.name,
                type=_WEBP,
                width=made.width,
                height=made.height,
                size=part.size,
                object=part.object,
            )
            variants.append(kept)
        about = structs.replace(settled.about, variants=tuple(variants))
        if answer.type is None:
            return structs.replace(settled, about=about)
        clean = folder / CLEAN
        part = await self._put(row, clean)
        digest = await asyncio.to_thread(_digest, clean)
        return structs.replace(settled, about=about, size=part.size, sha256=digest, content=part)

    async def _put(self, row: Row, path: Path) -> Part:
        size = await asyncio.to_thread(os.path.getsize, path)
        part = Part(start=0, size=size, object=new_object(row.key))
        await self._store.put_file(part.object, str(path))
        return part

    async def _copy(self, row: Row, parts: Sequence[Part], place: Path | None) -> bytes:
        """The hash of what is stored, which is copied to a place where there is one."""
        hashed = hashlib.sha256()
        stretch = Stretch(parts=parts, start=0, end=row.size)
        with _opened(place) as file:
            async for piece in contents.read(self._store, stretch):
                await asyncio.to_thread(_take, file, hashed, piece)
        return hashed.digest()

    @asynccontextmanager
    async def room(self) -> AsyncGenerator[Path]:
        """A folder that is gone afterwards; raises `StoreFull` where there is no room for it."""
        folder: Path | None = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            yield folder
        except OSError as error:
            raise (StoreFull() if error.errno == errno.ENOSPC else StoreAway()) from error
        finally:
            if folder is not None:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _opened(place: Path | None) -> AbstractContextManager[BinaryIO | None]:
    return nullcontext() if place is None else place.open("wb")


def _take(file: BinaryIO | None, hashed: Hash, piece: bytes) -> None:
    hashed.update(piece)
    if file is not None:
        file.write(piece)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _no_image() -> Unfit:
    return Unfit("not_image", "A picture is to be a JPEG, PNG, GIF, WebP or AVIF that is whole.")


def _no_sound() -> Unfit:
    return Unfit("not_audio", "A voice note is to be a sound.")
