"""Files: how they are uploaded, what is known of them, where they are shown."""

from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.base import (
    FileId,
    MessageId,
    Record,
    Seq,
    Timestamp,
    UserId,
    WireUploadId,
)

MAX_DURATION_MS: Final = 24 * 3600 * 1000
MAX_VOICE_MS: Final = 3600 * 1000
MAX_FILES: Final = 10
"""Files of one message."""

FileKind = Literal["image", "video", "audio", "voice", "file"]
Purpose = Literal["message", "picture"]
UploadState = Literal["pending", "ready"]
VariantName = Literal["thumb", "preview"]
Waveform = Annotated[list[Annotated[int, Meta(ge=0, le=31)]], Meta(min_length=1, max_length=128)]
FileName = Annotated[str, Meta(min_length=1, max_length=255)]
Description = Annotated[str, Meta(max_length=500)]
"""What a picture shows, for who cannot see it."""


class Voice(Record, frozen=True):
    """What a client tells of a note that was spoken into it."""

    duration_ms: Annotated[int, Meta(ge=1, le=MAX_VOICE_MS)]
    waveform: Waveform


class Reservation(Record, frozen=True):
    """Body of `POST /files`."""

    upload_id: WireUploadId
    name: FileName
    size: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    purpose: Purpose = "message"
    voice: Voice | None = None
    alt: Description = ""


class Upload(Record, frozen=True):
    """How far an upload is: `offset` bytes of `size` are here."""

    file_id: FileId
    state: UploadState
    offset: int
    size: int
    part_bytes: int
    expires_at: Timestamp


class Completion(Record, frozen=True):
    """Body of `POST /files/{file_id}/complete`: the hash of all bytes, as they were sent."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", min_length=64, max_length=64)]


class Variant(Record, frozen=True):
    """A smaller picture of a file."""

    name: VariantName
    type: str
    width: int
    height: int
    size: int


class File(Record, frozen=True):
    """A file that is there; nothing of this ever changes.

    `type` is what its bytes are, whatever anybody called them. `width` and `height` are those
    that it is shown with; `thumbhash` is in base64.
    """

    file_id: FileId
    name: str
    type: str
    size: int
    kind: FileKind
    variants: list[Variant]
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    duration_ms: int | UnsetType = UNSET
    thumbhash: str | UnsetType = UNSET
    waveform: list[int] | UnsetType = UNSET
    alt: str | UnsetType = UNSET


class Usage(Record, frozen=True):
    """What I store, and what I may; no `quota_bytes` where nothing limits it."""

    used_bytes: int
    quota_bytes: int | None
    max_bytes: int
    part_bytes: int


class ChatFile(Record, frozen=True):
    """A file in a chat, and the message that it came with."""

    file: File
    message_id: MessageId
    seq: Seq
    sender_id: UserId
    created_at: Timestamp


class ChatFilePage(Record, frozen=True):
    """Newest first."""

    files: list[ChatFile]
    next_cursor: str | None
