"""Sending moves the author's read mark; the author's other devices learn of it within a second.

Once a second and not once a message: a chatty person would otherwise write one entry in
their own log for each message, to say what the message says already.
"""

from typing import Final

from uptc_messenger.database import Database, Transaction
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.services.chats.access import find_members
from uptc_messenger.services.messages import read_marks

MAX_WAITING: Final = 10_000
"""Marks that wait; beyond it other devices learn from their next digest."""


class ReadSync:
    """Marks that moved with a send, to be told together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._marks: set[tuple[UserId, ChatId]] = set()
        self.busy = False

    @property
    def due(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._marks)

    def note(self, user_id: UserId, chat_id: ChatId) -> None:
        """The user sent a message in the chat."""
        if len(self._marks) < MAX_WAITING:
            self._marks.add((user_id, chat_id))

    async def flush(self) -> None:
        """Tell what was noted; a full queue loses it, and nothing but time is lost."""
        marks, self._marks = self._marks, set()
        self.busy = True
        try:
            await self._database.write(lambda tx: _announce(tx, marks))
        except Problem:
            return
        finally:
            self.busy = False


def _announce(tx: Transaction, marks: set[tuple[UserId, ChatId]]) -> None:
    for member in find_members(tx, marks).values():
        try:
            read_marks.announce(tx, member)
        except NotFound:
            continue
