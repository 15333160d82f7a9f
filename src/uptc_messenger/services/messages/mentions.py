"""Who is called by a message, and how they learn of it."""

from functools import partial
from typing import Final

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.events import MentionAt, Mentioned
from uptc_messenger.models.messages import ALL
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats.log import Position
from uptc_messenger.services.messages.markdown import mentioned
from uptc_messenger.services.messages.repository import posting as repository
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.users.service import ids_by_username

MAX_CALLED: Final = 50
"""People that one message may call by name: each costs an entry in a log of theirs."""


class Called(Record, frozen=True):
    """Members called by name, and whether everybody is."""

    user_ids: tuple[UserId, ...]
    everybody: bool

    @property
    def wire(self) -> list[str]:
        """As messages carry it: user ids, and `"all"`."""
        return [*([ALL] if self.everybody else []), *self.user_ids]


NOBODY: Final = Called(user_ids=(), everybody=False)


def resolve(tx: Transaction, author: Member, text: str) -> Called:
    """Members that the text calls; names of others and `@all` without the right stay text."""
    if "@" not in text:
        return NOBODY
    names = mentioned(text)
    everybody = ALL in names and author.role in {"owner", "admin"} and author.kind != "direct"
    wanted = [name for name in names if name != ALL][:MAX_CALLED]
    found = ids_by_username(tx, wanted) if wanted else {}
    ids = [found[name] for name in wanted if name in found and found[name] != author.user_id]
    members = access.find_members(tx, {(user, author.chat_id) for user in ids}) if ids else {}
    called = tuple(user for user in ids if (user, author.chat_id) in members)
    return Called(user_ids=called, everybody=everybody)


def record(tx: Transaction, author: Member, called: Called, at: Position) -> None:
    """Store the mentions and tell the people mentioned; everybody is one row."""
    if called.everybody:
        repository.mention_all(tx, at.chat_id, at.seq, at.n)
    if not called.user_ids:
        return
    repository.mention(tx, [(user, at.chat_id, at.seq, at.n) for user in called.user_ids])
    where = MentionAt(chat_id=author.chat_id, seq=at.seq, n=at.n)
    for user in called.user_ids:
        user_log.append(tx, user, partial(_mentioned, where))


def _mentioned(where: MentionAt, useq: Seq) -> Mentioned:
    return Mentioned(useq=useq, data=where)
