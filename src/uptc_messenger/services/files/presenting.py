"""From a row to a file as it is shown, and what is kept of it besides."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import FileId, Record
from uptc_messenger.models.files import File, Upload, Variant, VariantName, Voice
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.files import repository
from uptc_messenger.toolkit.clock import rfc3339


class Kept(Variant, frozen=True):
    """A smaller picture, and the object that it is."""

    object: str


class About(Record, frozen=True):
    """What is known of a file beyond its columns; `voice` and `alt` are what a client says."""

    voice: Voice | None = None
    alt: str = ""
    variants: tuple[Kept, ...] = ()
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    thumbhash: str | None = None

    def variant(self, name: VariantName) -> Kept | None:
        """The smaller picture of this name."""
        return next((each for each in self.variants if each.name == name), None)


def about(row: Row) -> About:
    """What is known of the file of a row."""
    return About() if row.about is None else read_stored(row.about, About)


def file_of(row: Row) -> File:
    """A row that is ready, as everybody who may see it does."""
    known = about(row)
    voice = known.voice
    return File(
        file_id=row.id,
        name=row.name,
        type=row.type,
        size=row.size,
        kind=row.kind,
        variants=[_shown(each) for each in known.variants],
        width=_or_unset(known.width),
        height=_or_unset(known.height),
        duration_ms=_or_unset(voice.duration_ms if voice else known.duration_ms),
        thumbhash=_or_unset(known.thumbhash),
        waveform=UNSET if voice is None else voice.waveform,
        alt=known.alt or UNSET,
    )


def shown(reader: Reader, file_ids: Collection[FileId]) -> dict[FileId, File]:
    """Those of the files that are ready."""
    rows = repository.by_ids(reader, file_ids) if file_ids else {}
    return {i: file_of(row) for i, row in rows.items() if row.state == "ready"}


def in_order(
    files: dict[FileId, File], file_ids: Sequence[FileId] | None
) -> list[File] | msgspec.UnsetType:
    """What a message shows: its files in its order; nothing where it has none."""
    return [files[each] for each in file_ids or () if each in files] or UNSET


def upload_of(row: Row, part_bytes: int, unused_ms: int) -> Upload:
    """How far an upload is."""
    return Upload(
        file_id=row.id,
        state="ready" if row.state == "ready" else "pending",
        offset=row.received,
        size=row.size,
        part_bytes=part_bytes,
        expires_at=rfc3339(row.touched_at + unused_ms),
    )


def _shown(kept: Kept) -> Variant:
    return Variant(
        name=kept.name, type=kept.type, width=kept.width, height=kept.height, size=kept.size
    )


def _or_unset(value: Any) -> Any:  # noqa: ANN401 - whatever it is
    return UNSET if value is None else value
