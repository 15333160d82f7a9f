"""Files in use: a message or a picture holds them, and lets them go.

Whoever calls holds what it hangs them on; the rows of files are locked here, after those of
chats and people, in the order of their ids.
"""

from collections.abc import Collection, Sequence

from uptc_messenger.database import Row, Transaction
from uptc_messenger.models.base import FileId, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.files import File
from uptc_messenger.services.files import repository, uploads
from uptc_messenger.services.files.presenting import file_of

Held = dict[FileId, Row]


def hold(tx: Transaction, file_ids: Collection[FileId]) -> Held:
    """Lock the files that there are; nothing lets go of them before the commit."""
    return repository.held(tx, file_ids) if file_ids else {}


def require(held: Held, owner: UserId, file_ids: Sequence[FileId]) -> list[File]:
    """One's own files, ready to be sent; raises `NotFound` for any other, whatever it is."""
    rows = [held.get(each) for each in file_ids]
    if len(set(file_ids)) < len(file_ids):
        raise NotFound("There is no such file, or it is named twice.")
    return [file_of(_sendable(row, owner)) for row in rows]


def require_shown(held: Held, file_ids: Sequence[FileId]) -> list[File]:
    """Files of a message that may be read, to be shown once more; raises `NotFound`."""
    rows = [held.get(each) for each in file_ids]
    found = [file_of(row) for row in rows if row is not None and row.state == "ready"]
    if len(found) < len(file_ids):
        raise NotFound("There is no such file any more.")
    return found


def use(tx: Transaction, file_ids: Sequence[FileId]) -> None:
    """Count one more use of each; an id that is there twice counts twice."""
    repository.use(tx, file_ids, 1)


def release(tx: Transaction, file_ids: Sequence[FileId]) -> None:
    """Count one use less; a file that nothing uses any more is gone at once."""
    held = hold(tx, set(file_ids))
    present = [each for each in file_ids if each in held]
    repository.use(tx, present, -1)
    for file_id in sorted(set(present)):
        uploads.doom(tx, held[file_id])


def change(
    tx: Transaction, owner: UserId, before: Sequence[FileId], after: Sequence[FileId]
) -> None:
    """From some files of the owner to others, each used once; raises `NotFound`."""
    held = hold(tx, {*before, *after})
    require(held, owner, after)
    use(tx, [each for each in after if each not in before])
    release(tx, [each for each in before if each not in after])


def change_picture(
    tx: Transaction, owner: UserId, whose: str, file_ids: tuple[FileId | None, FileId | None]
) -> None:
    """From the first file to the second as the picture of a person or chat.

    The new one is to be a picture of the owner that is nobody's yet; raises `NotFound`.
    """
    old, new = file_ids
    if new is not None:
        row = hold(tx, [new]).get(new)
        if row is None or not _is_free_picture(row, owner):
            raise NotFound("There is no such picture.")
        use(tx, [new])
        repository.set_picture(tx, new, whose)
    if old is not None:
        repository.set_picture(tx, old, None)
        release(tx, [old])


def _sendable(row: Row | None, owner: UserId) -> Row:
    if row is None or (row.owner_id, row.state, row.purpose) != (owner, "ready", "message"):
        raise NotFound("There is no such file.")
    return row


def _is_free_picture(row: Row, owner: UserId) -> bool:
    mine = (row.owner_id, row.state, row.purpose) == (owner, "ready", "picture")
    return mine and row.picture_of is None
