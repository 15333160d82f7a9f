"""An entry of a chat's log on its way to people: decoded and encoded at most once."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

import msgspec

from uptc_messenger.models.base import Seq
from uptc_messenger.models.events import ChatEvent, MemberLeft, MessageNew, ToChat
from uptc_messenger.models.messages import ALL
from uptc_messenger.services.websocket.packets import encode

_decode: Final = msgspec.json.Decoder(ChatEvent).decode


class Kind(IntEnum):
    """What delivery itself must know of an event."""

    OTHER = 0
    NEW = 1
    """A message: it becomes the preview of its chat."""

    LEFT = 2
    """Somebody went: what follows is not for them."""

    CALL = 3
    """A message that calls everybody."""


MESSAGES: Final = frozenset({Kind.NEW, Kind.CALL})
_KINDS: Final[dict[type, Kind]] = {MessageNew: Kind.NEW, MemberLeft: Kind.LEFT}


class Told:
    """A change of a chat at `seq`; `n` is the chat's count of messages after it.

    It comes from a commit of this node, as an event, or from elsewhere, as its JSON text.
    """

    __slots__ = ("_event", "_payload", "kind", "n", "seq")

    def __init__(
        self,
        seq: Seq,
        n: int,
        kind: Kind,
        *,
        event: ChatEvent | None = None,
        payload: bytes | None = None,
    ) -> None:
        self.seq = seq
        self.n = n
        self.kind = kind
        self._event = event
        self._payload = payload

    @property
    def event(self) -> ChatEvent:
        """The event itself."""
        if self._event is None:
            self._event = _decode(self._payload or b"")
        return self._event

    @property
    def payload(self) -> bytes:
        """Its JSON text, the same for everybody."""
        if self._payload is None:
            self._payload = encode(self.event)
        return self._payload


def told(publication: ToChat) -> Told:
    """What a commit of this node announces."""
    return of(publication.event, publication.n)


def of(event: ChatEvent, n: int) -> Told:
    """An event as it was read from the log."""
    kind = _KINDS.get(type(event), Kind.OTHER)
    if kind is Kind.NEW and isinstance(event, MessageNew) and ALL in event.data.mentions:
        kind = Kind.CALL
    return Told(event.seq, n, kind, event=event)


def newest(entries: Sequence[Told]) -> Told | None:
    """The last message among them."""
    return next((entry for entry in reversed(entries) if entry.kind in MESSAGES), None)
