"""Whether this node should get requests."""

import asyncio
from typing import Final

from uptc_messenger.database import Database
from uptc_messenger.models.errors import Problem

_PATIENCE_S: Final = 2.0


class Readiness:
    """Asked by load balancers; a node that is stopping says so before it stops."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._draining = False

    def drain(self) -> None:
        """From now on ask for no more requests."""
        self._draining = True

    async def obstacle(self) -> str | None:
        """Why this node should get no requests; None where it should."""
        if self._draining:
            return "This node is stopping."
        if not self._database.writing:
            return "The writer of the database has stopped."
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._database.ping()
        except (Problem, TimeoutError):
            return "The database does not answer."
        return None
