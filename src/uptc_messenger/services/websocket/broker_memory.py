"""Several nodes in one process: for tests, for simulation, and for a node by itself."""

import asyncio
from collections.abc import Callable

from uptc_messenger.services.websocket.broker import Listener, matches

Later = Callable[[Callable[[], None]], object]
"""Calls a function in a later turn; a simulation decides when, whether and how often."""


class MemoryBus:
    """What the brokers of one process share."""

    def __init__(self, later: Later | None = None) -> None:
        self.brokers: list[MemoryBroker] = []
        self.later: Later = later or _soon


class MemoryBroker:
    """One node's end of a bus in memory."""

    def __init__(self, bus: MemoryBus, listener: Listener, limit: int = 10_000) -> None:
        self._bus = bus
        self._listener = listener
        self._limit = limit
        self._exact: set[str] = set()
        self._wild: set[str] = set()
        self.up = True
        self.dropped = 0
        self.waiting = 0
        bus.brokers.append(self)
        bus.later(lambda: self._listener.linked(up=True))

    def publish(self, subject: str, payload: bytes) -> bool:
        if not self.up:
            return False
        for broker in self._bus.brokers:
            if broker is not self and broker.takes(subject):
                broker.deliver(subject, payload)
        return True

    def subscribe(self, subject: str) -> None:
        (self._wild if subject.endswith("*") else self._exact).add(subject)

    def unsubscribe(self, subject: str) -> None:
        (self._wild if subject.endswith("*") else self._exact).discard(subject)

    async def close(self) -> None:
        self._bus.brokers.remove(self)
        self.up = False

    def takes(self, subject: str) -> bool:
        """Whether this node has subscribed to it."""
        return subject in self._exact or any(matches(wild, subject) for wild in self._wild)

    def deliver(self, subject: str, payload: bytes) -> None:
        """Bring a message in a later turn, or drop it where too many wait."""
        if self.waiting >= self._limit:
            self.dropped += 1
            if self.up:
                self.cut()
                self._bus.later(self.mend)
            return
        self.waiting += 1
        self._bus.later(lambda: self._arrive(subject, payload))

    def cut(self) -> None:
        """Lose the link."""
        if self.up:
            self.up = False
            self._listener.linked(up=False)

    def mend(self) -> None:
        """Get the link back."""
        if not self.up and self in self._bus.brokers:
            self.up = True
            self._listener.linked(up=True)

    def _arrive(self, subject: str, payload: bytes) -> None:
        self.waiting -= 1
        if self.up and self in self._bus.brokers and self.takes(subject):
            self._listener.heard(subject, payload)


def _soon(function: Callable[[], None]) -> object:
    return asyncio.get_running_loop().call_soon(function)
