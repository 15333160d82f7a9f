"""How many parts of uploads may be on their way into this node, and of one person."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Overloaded

EACH: Final = 4
"""Parts of one person at the same time: whoever sends one file after the other needs one."""

_AGAIN_MS: Final = 1_000


class Slots:
    """Each part is in memory until it is stored: so many, and no more."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._of: Counter[UserId] = Counter()
        self.taken = 0
        self.refused = 0

    @contextmanager
    def take(self, user_id: UserId) -> Generator[None, None, None]:
        """Have one; raises `Overloaded` where there is none."""
        if self.taken >= self._limit or self._of[user_id] >= EACH:
            self.refused += 1
            raise Overloaded(retry_after_ms=_AGAIN_MS)
        self.taken += 1
        self._of[user_id] += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._of[user_id] -= 1
            if not self._of[user_id]:
                del self._of[user_id]
