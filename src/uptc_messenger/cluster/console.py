"""The live table in a terminal: draws it, and does what single keys ask for."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.deeds import carry_out
from uptc_messenger.cluster.live import QUIT, Live
from uptc_messenger.cluster.processes import ClusterError
from uptc_messenger.cluster.status import Status
from uptc_messenger.cluster.terminal import Terminal
from uptc_messenger.toolkit.tasks import TaskGroup

EVERY_S: Final = 1.0


class Console:
    """Runs until cancelled; `leave` is called when somebody asks for the end."""

    def __init__(
        self, cluster: Cluster, status: Status, terminal: Terminal, leave: Callable[[], None]
    ) -> None:
        self._cluster = cluster
        self._status = status
        self._terminal = terminal
        self._leave = leave
        self._live = Live(cluster)
        self._rows: Sequence[Sequence[str]] = []
        self._tasks = TaskGroup("console")

    async def run(self) -> None:
        """Draw every second, and at once after a key."""
        with self._terminal.taken(self._press):
            try:
                while True:
                    self._rows = await self._status.rows()
                    self._live.see(self._rows)
                    self._draw()
                    await asyncio.sleep(EVERY_S)
            finally:
                await self._tasks.close()

    def _press(self, key: str) -> None:
        if key in QUIT:
            self._leave()
            return
        words = self._live.press(key)
        if words is not None:
            self._tasks.start("deed", self._carry_out(words))
        self._draw()

    async def _carry_out(self, words: Sequence[str]) -> None:
        self._live.note(f"{' '.join(words)} …")
        self._draw()
        try:
            self._live.note(await carry_out(self._cluster, words))
        except ClusterError as error:
            self._live.note(str(error))
        self._draw()

    def _draw(self) -> None:
        self._terminal.show(self._live.lines(self._rows, self._terminal.size[0]))
