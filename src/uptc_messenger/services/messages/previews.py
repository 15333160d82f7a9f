"""What is stored of the preview of a message: what it shows, or that it is to show none."""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import UNSET, UnsetType

from uptc_messenger.database import Row, Transaction
from uptc_messenger.models.base import FileId, Record
from uptc_messenger.models.files import File
from uptc_messenger.models.previews import LinkPreview
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.files import holding
from uptc_messenger.services.messages.markdown import first_link
from uptc_messenger.services.messages.repository import attaching

PLACE: Final = 1_000
"""Among the files of a message: behind all that its author hung on it."""

KIND: Final = "preview"
"""What the image of a preview is among the files of a chat: in none of its lists."""


class Kept(Record, frozen=True):
    """The column `preview`; `removed` where the author wants none for this link."""

    url: str
    title: str = ""
    site: str = ""
    description: str = ""
    file_id: FileId | None = None
    removed: bool = False


def subject(row: Row) -> str | None:
    """The link of a message that a preview may be of."""
    plain = row.kind == "text" and not row.deleted
    return first_link(row.body["text"]) if plain else None


def kept(row: Row) -> Kept | None:
    """What is stored of the preview of a row of `messages`."""
    return None if row.preview is None else read_stored(row.preview, Kept)


def images(rows: Collection[Row]) -> set[FileId]:
    """The files that these rows show beside their links."""
    found = (kept(row) for row in rows if row.preview is not None)
    return {each.file_id for each in found if each is not None and each.file_id is not None}


def shown(row: Row, files: dict[FileId, File]) -> LinkPreview | UnsetType:
    """The preview as every reader is told it."""
    stored = kept(row)
    if stored is None or stored.removed:
        return UNSET
    image = UNSET if stored.file_id is None else files.get(stored.file_id, UNSET)
    return LinkPreview(
        url=stored.url,
        title=stored.title,
        site=stored.site,
        description=stored.description,
        image=image,
    )


def after_edit(tx: Transaction, row: Row, text: str) -> Kept | None:
    """What stays stored once a message says `text`: a link that is gone takes all with it."""
    stored = kept(row)
    if stored is None or stored.url == first_link(text):
        return stored
    let_go(tx, row, stored)
    return None


def let_go(tx: Transaction, row: Row, stored: Kept) -> None:
    """Take the image off a message; where nothing else has it, it is gone."""
    if stored.file_id is not None:
        attaching.detach_one(tx, row.chat_id, row.seq, PLACE)
        holding.release(tx, [stored.file_id])


def places(row: Row, file_id: FileId) -> Sequence[dict[str, object]]:
    """What says that a file is the image beside the link of a message."""
    return [
        {
            "chat_id": row.chat_id,
            "seq": row.seq,
            "position": PLACE,
            "file_id": file_id,
            "kind": KIND,
        }
    ]
