"""Who left, and stayed away for the grace: shown as away, with the time where they allow it.

Whether they allow it is read when they are gone, and not when they came or when somebody
began to show them: they may have changed their mind a moment ago, on any node.
"""

from typing import Protocol

import structlog

from uptc_messenger.database import Database
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.services import users

_log = structlog.get_logger(__name__)


class Board(Protocol):
    """Where people are shown."""

    def lapse(self, user_id: UserId, *, openly: bool) -> None:
        """The grace of a person is over."""
        ...


class Partings:
    """People whose grace is over, to be asked for together: once a second and not one by one.

    Each person is in it once, so it holds no more than were connected.
    """

    def __init__(self, database: Database, board: Board) -> None:
        self._database = database
        self._board = board
        self._gone: set[UserId] = set()
        self.busy = False

    @property
    def due(self) -> bool:
        """Whether somebody waits to be shown as away."""
        return bool(self._gone)

    def note(self, user_id: UserId) -> None:
        """The grace of somebody is over."""
        self._gone.add(user_id)

    async def flush(self) -> None:
        """Show all of them as away; without an answer nobody's time is told."""
        gone, self._gone = self._gone, set()
        self.busy = True
        try:
            frank = await self._database.read(lambda reader: users.open_visits(reader, gone))
        except Exception as error:  # noqa: BLE001 - they are gone, whatever happens here
            frank = set[UserId]()
            if not isinstance(error, Problem):
                _log.error("nobody knows whose time may be told", exc_info=error)
        finally:
            self.busy = False
        for user_id in gone:
            self._board.lapse(user_id, openly=user_id in frank)
