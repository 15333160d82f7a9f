"""What a person has begun to write: it follows them from device to device, and nowhere else."""

from uptc_messenger.database import Row, Transaction
from uptc_messenger.models.base import Seq
from uptc_messenger.models.chats import Draft, Member
from uptc_messenger.models.errors import Conflict, NotFound
from uptc_messenger.models.events import DraftUpdate, DraftUpdated
from uptc_messenger.services.chats.repository import drafts, user_chats
from uptc_messenger.services.users import log as user_log


def put(tx: Transaction, member: Member, wanted: Draft) -> Draft:
    """Replace the member's draft; an empty text clears it. Returns it with its new version.

    `wanted.version` is the version that the device knew, 0 for none; with another one there
    the device would overwrite what it has not seen: `Conflict`, with the draft in `details`.
    The same text again changes nothing, whatever the version, so that a retry is safe.
    """
    if user_chats.hold(tx, member.user_id, member.chat_id) is None:
        raise NotFound
    row = drafts.find(tx, member.user_id, member.chat_id)
    now = Draft(text="", version=0) if row is None else Draft(text=row.text, version=row.version)
    if wanted.text == now.text:
        return now
    if wanted.version != now.version:
        raise Conflict(
            "This draft was changed on another device.",
            details={"text": now.text, "version": str(now.version)},
        )
    after = Draft(text=wanted.text, version=now.version + 1)
    _store(tx, member, after, row)
    return after


def _store(tx: Transaction, member: Member, draft: Draft, before: Row | None) -> None:
    event = _tell(tx, member, draft)
    row = {
        "user_id": member.user_id,
        "chat_id": member.chat_id,
        "text": draft.text,
        "version": draft.version,
        "useq": event,
    }
    if before is None:
        drafts.add(tx, row)
        return
    # The log keeps one text of each draft, not every one that ever was.
    void = DraftUpdate(chat_id=member.chat_id, text="", version=before.version)
    user_log.rewrite(tx, member.user_id, before.useq, void)
    drafts.replace(tx, row)


def _tell(tx: Transaction, member: Member, draft: Draft) -> Seq:
    update = DraftUpdate(chat_id=member.chat_id, text=draft.text, version=draft.version)

    def build(useq: Seq) -> DraftUpdated:
        return DraftUpdated(useq=useq, data=update)

    return user_log.append(tx, member.user_id, build).useq
