"""How large the head of a request may be, and how long a client is waited for."""

from collections.abc import Iterable
from typing import Any, Final, Literal

import msgspec
from prometheus_client import CollectorRegistry, Counter

from uptc_messenger.controllers import problems
from uptc_messenger.controllers.bodies import Bodies
from uptc_messenger.models.errors import BadRequest, Problem, Timeout, TooLarge

HEAD_BYTES: Final = 32 * 1024
"""Of the line and the fields of a request: what browsers send of a page of ours is under 2 KiB."""
HEAD_S: Final = 20
"""For a whole head, from its first byte on; and for the first byte of a connection."""
SILENCE_S: Final = 60
"""In which not one byte of a body came, or of an answer was taken."""
WAITING: Final = 16
"""Requests on one connection that may wait for the answer to one before them (RFC 9112, 9.3.2)."""
LOOK_S: Final = 1
"""How often somebody has to look."""

_HEAD_TOO_LARGE: Final = 431
_HEAD_TOO_SLOW: Final = 408
_MALFORMED: Final = "This is not a request of HTTP/1.1."
_TOO_LARGE: Final = f"The head of a request has at most {HEAD_BYTES // 1024} KiB."
_TOO_SLOW: Final = f"The head of a request has {HEAD_S} seconds to come."

Reason = Literal["malformed", "head_too_large", "head_too_slow", "too_many", "silent"]


class Endings:
    """Counts the connections that were ended before their request was one, by the reason."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counter(
            "http_connections_ended",
            "Connections that were ended because of what their client did not send or take.",
            ["reason"],
            registry=registry,
        )

    def count(self, reason: Reason) -> None:
        """One more."""
        self._ended.labels(reason).inc()


class Patient(Bodies):
    """Waits for a client, and not for ever; keeps of the head of a request what it may have.

    Who waits for us is never ended: only a head, a body or the room for an answer that does not
    come. What was refused is told as any refusal is, and the connection ends with it.
    """

    def __init__(self, endings: Endings, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._endings = endings
        self._begun = self._in_head = False
        self._head = 0
        self._refused = False
        self._too_large = False
        self._since = self._moved = self.loop.time()
        self._state = (0, 0)

    def data_received(self, data: bytes) -> None:
        """Told by the transport."""
        if self._refused:
            return
        begun = self._in_head
        super().data_received(data)
        if begun and self._in_head and not self._refused:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._refuse("head_too_large", TooLarge(_TOO_LARGE), _HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Told by the parser."""
        self._begun = self._in_head = True
        self._head = 0
        self._since = self.loop.time()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Told by the parser, which takes an error for a request that it cannot read."""
        fields = sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._too_large = len(self.url) + fields > HEAD_BYTES
        if self._too_large or len(self.pipeline) >= WAITING:
            raise ValueError
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What the library says of a request that the parser could not read."""
        del msg
        if self._too_large:
            self._refuse("head_too_large", TooLarge(_TOO_LARGE), _HEAD_TOO_LARGE)
        elif len(self.pipeline) >= WAITING:
            self._refuse("too_many", BadRequest(_MALFORMED))
        else:
            self._refuse("malformed", BadRequest(_MALFORMED))

    def shutdown(self) -> None:
        """Told when the server stops; TLS would wait for the goodbye of whoever may be asleep."""
        cycle: Any = self.cycle
        idle = cycle is None or cycle.response_complete
        if idle and self.scheme == "https" and self.transport.get_write_buffer_size() == 0:
            self.transport.abort()
        else:
            super().shutdown()

    def look(self, now: float) -> None:
        """Told every `LOOK_S`: ends the connection whose client was waited for long enough."""
        state = (self.received, self.transport.get_write_buffer_size())
        if state != self._state or not self._is_waiting(state[1]):
            self._state, self._moved = state, now
        waited = now - self._since
        if self._refused or (not self._begun and waited > HEAD_S):
            # Browsers open connections that they then do not need: nothing is to be said to them.
            self.transport.close()
        elif self._in_head and waited > HEAD_S:
            self._refuse("head_too_slow", Timeout(_TOO_SLOW), _HEAD_TOO_SLOW)
        elif now - self._moved > SILENCE_S:
            self._endings.count("silent")
            self.transport.abort()

    def _is_waiting(self, unsent: int) -> bool:
        """For the client: it has to send of a body, or to take of an answer."""
        cycle: Any = self.cycle
        if unsent > 0:
            return True
        if cycle is None or self.flow.read_paused:
            return False
        return bool(cycle.more_body) and not cycle.waiting_for_100_continue

    def _refuse(self, reason: Reason, problem: Problem, status: int | None = None) -> None:
        """Answer and end; what still comes is dropped until somebody looks.

        To close at once would reset the connection, and the client might never read why.
        """
        self._endings.count(reason)
        self._refused, self._in_head = True, False
        cycle: Any = self.cycle
        if cycle is not None and not cycle.response_complete:
            # The answer to the request before is on its way; nothing can be said in its midst.
            self.transport.close()
            return
        self.transport.write(_answer(problems.details(problem, status)))
        if self.transport.can_write_eof():
            self.transport.write_eof()


def _answer(document: problems.ProblemDetails) -> bytes:
    body = msgspec.json.encode(document)
    fields = {
        "content-type": problems.MEDIA_TYPE,
        "content-length": len(body),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "connection": "close",
    }
    lines = [f"HTTP/1.1 {document.status} {document.title}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def look(connections: Iterable[object], now: float) -> None:
    """Look at every connection that waits for a request or is in one."""
    for connection in tuple(connections):
        if isinstance(connection, Patient):
            connection.look(now)
