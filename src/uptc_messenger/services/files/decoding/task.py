"""What a decoder is asked, and what it answers: files in one folder, and these words."""

from typing import Final, Literal

from uptc_messenger.models.base import Record
from uptc_messenger.models.files import VariantName

MAX_PIXELS: Final = 40_000_000
THUMB: Final = 400
PREVIEW: Final = 1_600
PICTURE: Final = 512
COVER: Final = 480
MIN_COVER: Final = 16
PICTURE_THUMB: Final = 96
CONTENT: Final = "content"
"""The file in the folder that is looked into, and `CLEAN` what is kept in its place."""

CLEAN: Final = "clean"

TaskKind = Literal["image", "clean", "picture", "cover", "video", "audio", "page"]
"""`clean` takes out of a picture what is said about it, and decodes nothing."""

NONE: Final = 3
"""How a decoder ends for what is not what it seems; after any other end it has said nothing."""


class Task(Record, frozen=True):
    """Look into `folder/content`, whose bytes are of this type."""

    kind: TaskKind
    type: str
    folder: str
    memory_bytes: int
    seconds: float


class Made(Record, frozen=True):
    """A smaller picture that is in the folder under its name."""

    name: VariantName
    width: int
    height: int


class Answer(Record, frozen=True):
    """What was found; `type` is set where another file is kept in the place of the content."""

    seen: bool = False
    """Whether it is what its first bytes say, to the end."""

    type: str | None = None
    made: tuple[Made, ...] = ()
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    thumbhash: str | None = None
