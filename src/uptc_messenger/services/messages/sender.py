"""Who sends what is due: one node, while it is for that node to do.

Nothing depends on it being one: two at once find that the other was first.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import structlog

from uptc_messenger.database import Database, Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.base import Millis
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.events import Publication, ScheduledUpdated, ToUser
from uptc_messenger.services.chats import scheduled
from uptc_messenger.services.chats.scheduled import Due
from uptc_messenger.services.messages import scheduling
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.troubles import Trouble

AT_ONCE: Final = 50
"""Messages that are read at a time; what is due beyond them comes in the next turn."""

LOOK_EVERY_S: Final = 5.0
"""How long what another node has accepted may stay unknown here."""

AGAIN_S: Final = 1.0
_log = structlog.get_logger(__name__)


class Sender:
    """Sends each message when its time has come, as long as it is `ours` to do."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self._database = database
        self._clock = clock
        self._news = asyncio.Event()
        self._next: Millis | None = None
        self._trouble = Trouble()
        self.done = 0

    @property
    def late_ms(self) -> Millis:
        """For how long the first of those that are due has been."""
        return 0 if self._next is None else max(self._clock() - self._next, 0)

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        for publication in publications:
            if isinstance(publication, ToUser) and isinstance(publication.event, ScheduledUpdated):
                self._news.set()

    async def run(self) -> None:
        """Send until cancelled; what fails is tried again."""
        while True:
            self._news.clear()
            pause = await self._look() if self.ours() else self._rest()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()

    async def _look(self) -> float:
        """Send what is due; how many seconds until the next look."""
        try:
            pause = await self.turn()
        except Problem as problem:
            if self._trouble.begins(problem.code):
                _log.warning("scheduled messages wait", problem=problem.code)
        except Exception as error:  # noqa: BLE001
            # Nobody else sends while the turn is ours: one failure is not the end of all.
            if self._trouble.begins(type(error).__name__):
                _log.exception("scheduled messages wait")
        else:
            if self._trouble.ends():
                _log.info("scheduled messages go on")
            return pause
        return AGAIN_S

    async def turn(self) -> float:
        """Send what is due, and return how many seconds there is nothing to do."""
        first = await self._database.read(lambda reader: scheduled.next_due(reader, AT_ONCE))
        self._next = first[0].send_at if first else None
        due = [one for one in first if one.send_at <= self._clock()]
        if due:
            await self._send_all(due)
            return 0
        if self._next is None:
            return LOOK_EVERY_S
        return min((self._next - self._clock()) / 1000, LOOK_EVERY_S)

    def _rest(self) -> float:
        # Another node knows how late it is.
        self._next = None
        return LOOK_EVERY_S

    async def _send_all(self, due: Sequence[Due]) -> None:
        """Send them with as few commits as sends have, in this order; each fails by itself."""
        outcomes = await asyncio.gather(*map(self._send, due), return_exceptions=True)
        failures = dict(zip(due, outcomes, strict=True))
        for one, failure in failures.items():
            if isinstance(failure, Exception) and not isinstance(failure, Problem):
                _log.error("a scheduled message could not be sent", exc_info=failure)
                await self._write(one, scheduling.give_up)
        for failure in failures.values():
            if isinstance(failure, Problem):
                raise failure

    async def _send(self, due: Due) -> None:
        if await self._write(due, scheduling.send_due):
            self.done += 1

    async def _write(self, due: Due, deed: Callable[[Transaction, Due], bool]) -> bool:
        needs = Needs(chat_id=due.chat_id, user_id=due.user_id)
        return await self._database.write(lambda tx: deed(tx, due), needs)
