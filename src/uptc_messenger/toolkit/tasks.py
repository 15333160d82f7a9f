"""Owned tasks: each has a name, an owner who ends it, and a report of its failure."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

_log = structlog.get_logger(__name__)


class TaskGroup:
    """Tasks that live no longer than their owner.

    A task that fails is logged with its name, and the others go on. `close` cancels what
    still runs and waits for it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, name: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `coroutine` until it ends or the group closes."""
        task = asyncio.create_task(coroutine, name=f"{self._name}.{name}")  # noqa: TID251
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("task failed", task=task.get_name(), exc_info=error)

    async def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for the tasks to end by themselves."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=seconds)

    async def close(self) -> None:
        """Cancel every task and wait until each has ended."""
        for task in (running := set(self._tasks)):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
