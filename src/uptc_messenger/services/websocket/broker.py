"""The port to the bus: how nodes wake each other.

The database is the log; the bus only says that there is something to read. Whatever a
message says can be read again by position, so an adapter may be as forgetful as it likes,
but it must say when it was.
"""

from collections.abc import Callable
from typing import Final, Protocol

MAX_PAYLOAD: Final = 512 * 1024
"""Bytes of one message: half of what a NATS server takes as it comes."""


class BusError(Exception):
    """A bus that cannot be used; the sentence says what to do."""


class Listener(Protocol):
    """Who is told what the bus brings; never waits, never raises."""

    def heard(self, subject: str, payload: bytes) -> None:
        """A message on a subject that was subscribed to."""
        ...

    def linked(self, *, up: bool) -> None:
        """The link to the other nodes went, or came back with every subscription in force.

        Between the two, and only then, may messages be missed by the hundred: whoever comes
        back compares. It is said once for each change, and a broker begins down.
        """
        ...


class Broker(Protocol):
    """Publishes and subscribes; every adapter passes tests/contracts/test_broker.py.

    Delivery is at most once: a message may be lost, and the broker may reorder it or repeat
    it. A node never hears itself. Nothing here waits: what does not fit into the bounded
    queue is dropped and counted, and the listener is told that the link went and came back.

    A subject is words of letters, digits, `-` and `_` joined by dots; in a subscription the
    last word may be `*`, any one word.
    """

    @property
    def up(self) -> bool:
        """Whether the link stands, as far as we know."""
        ...

    @property
    def dropped(self) -> int:
        """Messages that found no room."""
        ...

    @property
    def waiting(self) -> int:
        """Messages and subscriptions that are still to be handed to the network."""
        ...

    def publish(self, subject: str, payload: bytes) -> bool:
        """Tell the other nodes; False where it is known that nobody will hear it."""
        ...

    def subscribe(self, subject: str) -> None:
        """Hear this subject from soon on, also after the link was lost and came back."""
        ...

    def unsubscribe(self, subject: str) -> None:
        """Hear it no longer; a message under way may still come."""
        ...

    async def close(self) -> None:
        """Hand over what was published, then leave; nothing is heard after it."""
        ...


OpenBroker = Callable[[Listener], Broker]


def matches(subscription: str, subject: str) -> bool:
    """Whether a subscription takes in a subject."""
    if not subscription.endswith(".*"):
        return subscription == subject
    stem, _, last = subject.rpartition(".")
    return bool(last) and stem == subscription[:-2]
