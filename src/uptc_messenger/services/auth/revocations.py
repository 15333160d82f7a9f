"""Sessions that another process ended: the command line, or a node that we did not hear.

Whoever ends sessions changes one mark in the database, in the same transaction. A glance at
it each second is cheap; only when it has changed are the sessions that we serve looked up.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.models.errors import CloseCode, Problem
from uptc_messenger.models.events import EndSessions
from uptc_messenger.services import users
from uptc_messenger.services.auth import repository

EVERY_S: Final = 0.5
_SLICE: Final = 500
Live = Callable[[], Mapping[SessionId, UserId]]
Publish = Callable[[Sequence[EndSessions]], None]
_log = structlog.get_logger(__name__)


class Revocations:
    """Announces the end of sessions of `live` that are no longer in the database."""

    def __init__(self, database: Database, live: Live, publish: Publish) -> None:
        self._database = database
        self._live = live
        self._publish = publish
        self._mark: str | None = None

    def doubt(self) -> None:
        """Look through all of them next time, whatever the mark says."""
        self._mark = None

    async def run(self) -> None:
        """Look twice a second until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.check()
            except Problem as problem:
                _log.warning("revocations not read", problem=problem.code)

    async def check(self) -> None:
        """Look once."""
        mark = await self._database.read(repository.revocation_mark)
        if mark == self._mark:
            return
        live = dict(self._live())
        ended = await self._database.scan(lambda reader: find_ended(reader, live))
        self._mark = mark
        if ended:
            self._publish(ended)


def find_ended(reader: Reader, live: Mapping[SessionId, UserId]) -> list[EndSessions]:
    """What to announce of those sessions that exist no longer."""
    gone: dict[UserId, set[SessionId]] = {}
    for session_id in live.keys() - _existing(reader, live):
        gone.setdefault(live[session_id], set()).add(session_id)
    return [
        EndSessions(user_id=user_id, session_ids=frozenset(ids), code=_code(reader, user_id))
        for user_id, ids in gone.items()
    ]


def _existing(reader: Reader, session_ids: Collection[SessionId]) -> set[SessionId]:
    found: set[SessionId] = set()
    rest = iter(session_ids)
    while part := list(islice(rest, _SLICE)):
        found.update(repository.existing_sessions(reader, part))
    return found


def _code(reader: Reader, user_id: UserId) -> CloseCode:
    standing = users.standing(reader, user_id)
    disabled = standing is None or standing.disabled
    return CloseCode.ACCOUNT_DISABLED if disabled else CloseCode.SESSION_REVOKED
