"""The store in a folder, in a bucket, or in memory; the only module that imports obstore."""

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from uptc_messenger.services.files.config import FilesConfig
from uptc_messenger.services.files.store import Draft, Listed, Lost, Store, StoreAway, StoreFull
from uptc_messenger.services.files.writing import Written
from uptc_messenger.toolkit.folders import hand_over

PIECE: Final = 1 << 20
"""Bytes that are read, and on their way to a client, at once."""

_MOST_SETTLED: Final = 10_000
_SYNCS: Final = 8
"""Folders that are waited for at once, each beside an object that is."""

_WHOLE: Final = 8 << 20
_PATIENCE: Final = timedelta(seconds=10)
_FULL: Final = ("No space left", "Disk quota exceeded", "os error 28", "os error 122")
_log = structlog.get_logger(__name__)


class ObjectsStore(Store):
    """Any store that obstore knows."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def put(self, name: str, data: bytes) -> None:
        """See the port."""
        with _told():
            await obstore.put_async(self._objects, name, data, use_multipart=False)

    @asynccontextmanager
    async def draft(self, name: str) -> AsyncGenerator[Draft]:
        """See the port; all of it is in memory until then."""
        held = _Held()
        yield held
        await self.put(name, b"".join(held.pieces))

    async def put_file(self, name: str, path: str) -> None:
        """See the port."""
        with _told():
            await obstore.put_async(self._objects, name, Path(path), chunk_size=_WHOLE)

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See the port."""
        with _told():
            found = await self._found(name, start, end)
            left = end - start
            async for piece in found.stream(min_chunk_size=PIECE):
                left -= len(piece)
                yield bytes(piece)
        if left:
            raise Lost

    async def _found(self, name: str, start: int, end: int) -> Any:  # noqa: ANN401
        try:
            return await obstore.get_async(self._objects, name, options={"range": (start, end)})
        except BaseError:
            # A range beyond the end is an error of its own in each store.
            if (await obstore.head_async(self._objects, name))["size"] < end:
                raise Lost from None
            raise

    async def names(self, prefix: str) -> list[str]:
        """See the port."""
        # Its types name a package of tables that nobody needs here.
        library: Any = obstore
        with _told():
            return [
                meta["path"] async for page in library.list(self._objects, prefix) for meta in page
            ]

    async def listed(self) -> AsyncIterator[Listed]:
        """See the port."""
        library: Any = obstore
        with _told():
            async for page in library.list(self._objects):
                for meta in page:
                    at = round(meta["last_modified"].timestamp() * 1000)
                    yield Listed(name=meta["path"], size=meta["size"], at=at)

    async def delete(self, names: list[str]) -> None:
        """See the port."""
        for name in names:
            with _told():
                try:
                    await obstore.delete_async(self._objects, name)
                except FileNotFoundError:
                    continue


class FolderStore(ObjectsStore):
    """A folder of this machine's disk; an object is on the disk when `put` returns.

    It is written by our own hands, because only who has the file open can wait for the disk,
    and read by them, because the library would copy every piece once more.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        hand_over(folder)
        super().__init__(LocalStore(prefix=folder))
        self._folder = folder
        self._settled: set[Path] = set()
        self._aside = ThreadPoolExecutor(_SYNCS, "folders")

    async def put(self, name: str, data: bytes) -> None:
        """See the port."""
        async with self.draft(name) as draft:
            await asyncio.to_thread(draft.write, memoryview(data))

    async def put_file(self, name: str, path: str) -> None:
        """See the port."""
        async with self.draft(name) as draft:
            with _told():
                await asyncio.to_thread(_copy, path, draft)

    @asynccontextmanager
    async def draft(self, name: str) -> AsyncGenerator[Draft]:
        """See the port; none of it is in memory."""
        written = Written(self._folder / name)
        try:
            yield _Kept(written)
            with _told():
                await self._keep(name, written)
        except BaseException:
            await asyncio.to_thread(written.drop)
            raise

    async def read(self, name: str, start: int, end: int) -> AsyncIterator[bytes]:
        """See the port."""
        with _told():
            file = await _opened(self._folder / name)
        try:
            for at in range(start, end, PIECE):
                size = min(PIECE, end - at)
                with _told():
                    piece = await asyncio.to_thread(os.pread, file, size, at)
                if len(piece) < size:
                    raise Lost
                yield piece
        finally:
            os.close(file)

    async def delete(self, names: list[str]) -> None:
        """See the port."""
        await super().delete(names)
        for parent in {(self._folder / name).parent for name in names}:
            self._settled.discard(parent)
            with suppress(OSError):
                parent.rmdir()

    async def _keep(self, name: str, written: Written) -> None:
        place = self._folder / name
        above = [each for each in place.parents if each.is_relative_to(self._folder)]
        # The name of a folder is on the disk once the folder that it is in is.
        new = {each.parent for each in above if each not in self._settled}
        await asyncio.to_thread(written.keep, {above[0], *new}, self._aside)
        if len(self._settled) > _MOST_SETTLED:
            self._settled.clear()
        self._settled.update(above)


class _Held:
    """Pieces of an object in memory."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: memoryview) -> None:
        self.pieces.append(bytes(data))


class _Kept:
    """An object on the disk, which says in the words of the port what goes wrong."""

    def __init__(self, written: Written) -> None:
        self._written = written

    def write(self, data: memoryview) -> None:
        with _told():
            self._written.write(data)


def _copy(path: str, draft: Draft) -> None:
    with Path(path).open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            draft.write(memoryview(piece))


def open_store(config: FilesConfig, data: Path) -> Store:
    """The store that the settings name; raises `StoreAway` where there can be none."""
    if (folder := config.folder(data)) is not None:
        with _told():
            store = FolderStore(folder)
        _try(folder)
        return store
    if config.url.startswith("memory://"):
        return ObjectsStore(MemoryStore())
    with _told():
        return ObjectsStore(_bucket(config.url))


def _try(folder: Path) -> None:
    """Write there now: who could not would tell nobody until somebody sends a picture."""
    try:
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if not _is_full(error):
            sentence = f"The folder of files, {folder}, cannot be written: {error.strerror}."
            raise StoreAway(sentence) from error


def _bucket(url: str) -> ObjectStore:
    return from_url(
        url,
        # Whoever names an address with http:// means it; without one there is only https.
        client_options={"timeout": _PATIENCE, "connect_timeout": _PATIENCE, "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
    )


async def _opened(place: Path) -> int:
    """A descriptor; who is cancelled while waiting for it leaves none behind."""
    loop = asyncio.get_running_loop()
    opening = loop.run_in_executor(None, os.open, place, os.O_RDONLY)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_late)
        raise


def _close_late(opening: asyncio.Future[int]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())


@contextmanager
def _told() -> Generator[None, None, None]:
    """Tell what went wrong in the words of the port; the log has those of the store."""
    try:
        yield
    except FileNotFoundError as error:
        raise Lost from error
    except (BaseError, OSError, ValueError) as error:
        if _is_full(error):
            raise StoreFull from error
        _log.warning("the store of files fails", reason=str(error).partition("\n")[0][:200])
        raise StoreAway from error


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return any(sign in str(error) for sign in _FULL)
