"""The bytes of a file: which objects have them, and reading a stretch of them."""

import re
import secrets
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.models.base import FileId, Record
from uptc_messenger.services.files import presenting, repository
from uptc_messenger.services.files.store import Lost, Store
from uptc_messenger.services.files.uploads import Part


def parts_of(reader: Reader, file_id: FileId, start: int, end: int) -> list[Part]:
    """The parts with the bytes [start, end), in order."""
    rows = repository.overlapping(reader, file_id, start, end)
    return [Part(start=row.start, size=row.size, object=row.object) for row in rows]


def objects_of(reader: Reader, file_id: FileId) -> set[str]:
    """The names of all objects of a file."""
    row = repository.by_id(reader, file_id)
    kept = () if row is None else presenting.about(row).variants
    parts = repository.parts(reader, file_id)
    return {part.object for part in parts} | {variant.object for variant in kept}


NAME: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}/[0-9a-f]{16}")
"""What objects are called: two digits of the key of their file, the key, a name of their own."""


class Whole(Record, frozen=True):
    """A file that is ready: the hash of its bytes, and the objects that have them, in order."""

    sha256: bytes
    objects: tuple[str, ...]


class Named(Record, frozen=True):
    """An object as the rows tell of it."""

    file_id: FileId
    name: str
    size: int


def every_object(reader: Reader) -> Iterator[Named]:
    """Every object of files that are ready or on their way."""
    for row in repository.every_part(reader):
        yield Named(file_id=row.file_id, name=row.object, size=row.size)
    for row in repository.every(reader):
        for kept in presenting.about(row).variants:
            yield Named(file_id=row.id, name=kept.object, size=kept.size)


def every_file(reader: Reader) -> Iterator[Whole]:
    """Every file that is ready."""
    for row in repository.every(reader):
        objects = tuple(part.object for part in repository.parts(reader, row.id))
        yield Whole(sha256=row.sha256, objects=objects)


def object_prefix(key: str) -> str:
    """What the names of the objects of a file begin with."""
    return f"{key[:2]}/{key}"


def new_object(key: str) -> str:
    """A name that no object ever had."""
    return f"{object_prefix(key)}/{secrets.token_hex(8)}"


class Stretch(Record, frozen=True):
    """The bytes [start, end) of what parts hold together."""

    parts: Sequence[Part]
    start: int
    end: int


async def read(store: Store, stretch: Stretch) -> AsyncGenerator[bytes]:
    """The bytes, a piece at a time; raises `Lost` where one of them is missing."""
    at = stretch.start
    for part in stretch.parts:
        if part.start >= stretch.end or part.start + part.size <= at:
            continue
        if part.start > at:
            raise Lost
        end = min(part.start + part.size, stretch.end)
        async for piece in store.read(part.object, at - part.start, end - part.start):
            yield piece
        at = end
    if at != stretch.end:
        raise Lost
