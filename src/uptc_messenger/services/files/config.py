"""Where files rest, and how much of them."""

from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec

from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Bytes, BytesOrNoLimit, Count, Hours, Patience, Some

_SCHEMES: Final = frozenset({"file", "s3", "gs", "az", "memory"})
_MIB: Final = 1 << 20
_GIB: Final = 1 << 30
_HELD: Final = 8 * _MIB


class FilesConfig(Record, frozen=True):
    """The store of files, and its limits."""

    url: str = ""
    """Where files rest: a folder, or `s3://bucket/prefix`, `gs://…`, `az://…`."""

    shared: bool = False
    """Says that every node of the cluster sees the same folder of files."""

    max_bytes: Bytes = 100 * _MIB
    """Size of the largest file."""

    user_bytes: BytesOrNoLimit = 5 * _GIB
    """What the files of one person may take; 0 is no limit."""

    server_bytes: BytesOrNoLimit = 0
    """What all files may take; 0 is no limit."""

    part_bytes: Annotated[int, msgspec.Meta(ge=65_536, le=64 * _MIB)] = 32 * _MIB
    """The largest part of an upload; where files rest in a bucket, at most 8 MiB of it."""

    parts_at_once: Count = 32
    """Parts on their way into this node; beyond it they are refused as `overloaded`."""

    decoders: Annotated[int, msgspec.Meta(ge=1, le=256)] = 2
    """Pictures, films and pages that are looked into at the same time."""

    decoders_waiting: Some = 32
    """More that may wait for their turn; beyond it an upload's end is refused as `overloaded`."""

    decoder_memory_bytes: Annotated[int, msgspec.Meta(ge=256 * _MIB, le=1 << 40)] = _GIB
    """Memory of one decoder, which is a process of its own; 256 MiB at least."""

    decoder_s: Patience = 20.0
    """After this long a decoder is ended, and the file has no preview."""

    previews: Literal["all", "images"] = "all"
    """What previews are made of: also films and documents, where there are tools, or images."""

    unused_h: Hours = 24.0
    """Uploads that nobody goes on with, and files that no message has, go after this time."""

    def __post_init__(self) -> None:
        scheme = urlsplit(self.url).scheme
        if "://" in self.url and scheme not in _SCHEMES:
            raise ValueError(f"files: a folder, s3://, gs:// or az://, and not {scheme}://")

    @property
    def part_most(self) -> int:
        """The largest part of an upload: on its way into a bucket it is held in memory."""
        return self.part_bytes if self.local else min(self.part_bytes, _HELD)

    @property
    def local(self) -> bool:
        """Whether files rest in a folder."""
        return "://" not in self.url or self.url.startswith("file://")

    def folder(self, data: Path) -> Path | None:
        """The folder of a store that is local; None for a bucket."""
        if not self.local:
            return None
        return Path(self.url.removeprefix("file://")) if self.url else data / "files"
