"""What was found behind links a while ago, so that one in many chats is fetched once."""

from collections import OrderedDict
from typing import Final

from uptc_messenger.models.base import Millis
from uptc_messenger.services.messages.previews import Kept
from uptc_messenger.toolkit.clock import Clock

MOST: Final = 2_000
"""Links that are remembered; of more, those that were found first are forgotten."""

_FAILED: Final = 10


class Cache:
    """Remembers for a time, and for a tenth of it that there was nothing."""

    def __init__(self, clock: Clock, keep_ms: Millis) -> None:
        self._clock = clock
        self._keep_ms = keep_ms
        self._found: OrderedDict[str, tuple[Millis, Kept | None]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._found)

    def get(self, url: str) -> tuple[Kept | None] | None:
        """What was found, which may be nothing; None where that is not known any more."""
        until, kept = self._found.get(url, (0, None))
        if until <= self._clock():
            self._found.pop(url, None)
            return None
        return (kept,)

    def put(self, url: str, kept: Kept | None) -> None:
        """Remember what was found."""
        keep_ms = self._keep_ms if kept is not None else self._keep_ms // _FAILED
        self._found.pop(url, None)
        self._found[url] = (self._clock() + keep_ms, kept)
        if len(self._found) > MOST:
            self._found.popitem(last=False)
