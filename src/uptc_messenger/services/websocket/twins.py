"""Two databases that both say they are this installation: a copy that was brought to life.

Nodes of another installation are not heard at all, for its id is in every subject. A copy has
the same id, and what its nodes announce has positions of another log: it must not go on.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from uptc_messenger.services.websocket.broker import Broker, BusError, Listener

HELLO: Final = "node.hello"
LISTEN_S: Final = 0.5
_QUESTION: Final = b"?"
_log = structlog.get_logger(__name__)


class Twins:
    """Stands before the listener of a node; says which database it has, and hears who has another.

    `seen` counts the times that somebody else's was heard.
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._found = asyncio.Event()
        self._broker: Broker | None = None
        self._ours = b""
        self.seen = 0

    @property
    def named(self) -> bool:
        """Whether it is known which database is ours."""
        return bool(self._ours)

    def connect(self, broker: Broker, fingerprint: str) -> None:
        """Begin to listen; before the broker is opened."""
        self._broker = broker
        self.name(fingerprint)
        broker.subscribe(HELLO)

    def name(self, fingerprint: str) -> None:
        """This is our database."""
        self._ours = fingerprint.encode()

    def doubt(self) -> None:
        """Ours has another name now; until `name` nobody is judged by it."""
        self._ours = b""

    async def listen(self, seconds: float = LISTEN_S) -> None:
        """Raise `BusError` where a node with another database answers within this time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._found.wait()
            raise BusError(
                "Nodes on this bus have the same installation in another database: one is a copy "
                "of the other. Stop those nodes, or give each its own bus."
            )

    def heard(self, subject: str, payload: bytes) -> None:
        if subject != HELLO:
            self._listener.heard(subject, payload)
            return
        theirs, question, _ = payload.partition(_QUESTION)
        if not self.named or theirs == self._ours:
            return
        self.seen += 1
        self._found.set()
        _log.error(
            "ANOTHER DATABASE OF THIS INSTALLATION IS ON THE BUS: stop one of the two",
            ours=self._ours.decode(),
            theirs=theirs.decode(errors="replace")[:40],
        )
        if question and self._broker is not None:
            self._broker.publish(HELLO, self._ours)

    def linked(self, *, up: bool) -> None:
        self._listener.linked(up=up)
        if up and self.named and self._broker is not None:
            self._broker.publish(HELLO, self._ours + _QUESTION)
