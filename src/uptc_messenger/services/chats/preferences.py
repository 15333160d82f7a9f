"""How a person wants a chat: how loud, where in the list. Every device of theirs learns it.

Nothing here changes what is delivered or counted: it is for the client that shows it.
"""

from datetime import datetime

from msgspec import UNSET, structs

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import Millis, Seq
from uptc_messenger.models.chats import Member, Preferences, PreferencesPut
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import LevelUpdate, LevelUpdated
from uptc_messenger.services.chats.repository import user_chats
from uptc_messenger.services.users import log as user_log
from uptc_messenger.toolkit.clock import rfc3339


def put(tx: Transaction, member: Member, wanted: PreferencesPut) -> Preferences:
    """Replace the member's preferences; what changes nothing is told to nobody.

    A time until which the chat is muted that is past already is none.
    """
    row = user_chats.hold(tx, member.user_id, member.chat_id)
    if row is None:
        raise NotFound
    values = structs.asdict(wanted) | {"muted_until": _future(tx, wanted.muted_until)}
    if all(getattr(row, name) == value for name, value in values.items()):
        return _preferences(wanted, values["muted_until"])
    user_chats.prefer(tx, member.user_id, member.chat_id, values)
    after = _preferences(wanted, values["muted_until"])
    update = LevelUpdate(chat_id=member.chat_id, **structs.asdict(after))

    def build(useq: Seq) -> LevelUpdated:
        return LevelUpdated(useq=useq, data=update)

    user_log.append(tx, member.user_id, build)
    return after


def _future(tx: Transaction, until: datetime | None) -> Millis | None:
    millis = None if until is None else int(until.timestamp() * 1000)
    return millis if millis is not None and millis > tx.now else None


def _preferences(wanted: PreferencesPut, until: Millis | None) -> Preferences:
    return Preferences(
        level=wanted.level,
        pinned=wanted.pinned,
        archived=wanted.archived,
        muted_until=UNSET if until is None else rfc3339(until),
    )
