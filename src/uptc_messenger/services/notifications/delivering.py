"""Telling what is due: pushes and letters, each in a line of its own.

A push that was sent just before a crash is sent again with the same topic, and the device
shows one message once. A letter cannot be taken back, so it is noted as sent before it goes:
after a crash nobody gets it twice, and who would have got it finds it unread in the application.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from uptc_messenger.database import Database
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.postman import Postman
from uptc_messenger.services.notifications.pushing import Pusher
from uptc_messenger.services.notifications.telling import Teller
from uptc_messenger.services.notifications.working import Line, Slots
from uptc_messenger.toolkit.clock import Clock

PUSHES: Final = Slots(most=32, each=8, failing=2, parked=96)
LETTERS: Final = Slots(most=4, each=4, failing=4)
"""Noted as sent and not yet handed over are never more than these."""


class Deliverer:
    """Both lines; what stops one leaves the other alone."""

    def __init__(
        self, database: Database, clock: Clock, config: NotifyConfig, ways: tuple[Pusher, Postman]
    ) -> None:
        pusher, postman = ways
        self.teller = Teller(database, clock, config, pusher)
        self.pushes = Line(database, clock, "push", self.teller, PUSHES)
        self.letters = Line(database, clock, "mail", postman, LETTERS)

    def lead(self, ours: Callable[[], bool]) -> None:
        """Whether it is for this node to do."""
        self.pushes.ours = self.letters.ours = ours

    def wake(self) -> None:
        """Something was put into the queue."""
        self.pushes.wake()
        self.letters.wake()

    async def pump(self) -> int:
        """Tell what is due now and wait for it; how many jobs that were."""
        async with asyncio.TaskGroup() as group:
            done = [group.create_task(line.pump()) for line in (self.pushes, self.letters)]
        return sum(task.result() for task in done)
