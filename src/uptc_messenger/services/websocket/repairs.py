"""What is missing is read from the log: once for everybody, and not too much at a time."""

from dataclasses import dataclass
from typing import Final, Protocol

from uptc_messenger.models.base import ChatId, Seq, UserId
from uptc_messenger.services.websocket.rooms import Directory

REORDER_S: Final = 0.05
"""Two nodes publish in the wrong order more often than the bus loses: a moment's patience."""

RETRY_S: Final = 0.5
MAX_RUNNING: Final = 16
Key = tuple[str, str]
"""`chat` or `user`, and whose."""


@dataclass(frozen=True, slots=True)
class ChatGap:
    """The log of a chat from `after` on."""

    chat_id: ChatId
    after: Seq


@dataclass(frozen=True, slots=True)
class UserGap:
    """A user's own log from `after` on."""

    user_id: UserId
    after: Seq


Gap = ChatGap | UserGap


def gap_of(directory: Directory, key: Key) -> Gap | None:
    """What one of the logs that are followed here lacks."""
    kind, name = key
    if kind == "chat":
        room = directory.rooms.get(ChatId(name))
        if room is None or not (room.log.behind or room.unsure):
            return None
        position = room.log.position
        return ChatGap(room.chat_id, room.seq if position is None else position)
    person = directory.people.get(UserId(name))
    if person is None or not person.log.behind or person.log.position is None:
        return None
    return UserGap(person.user_id, person.log.position)


class Means(Protocol):
    """How gaps are found, timed and read."""

    def now(self) -> float:
        """Seconds of a clock that never goes back."""
        ...

    def later(self, seconds: float, key: Key) -> None:
        """Call `turn` with this key after about so long."""
        ...

    def start(self, key: Key, gap: Gap) -> None:
        """Begin to read what is missing; `ended` must follow."""
        ...


class Repairs:
    """Logs with a gap: each is waited for a moment, then read once, at most 16 at a time."""

    def __init__(self, directory: Directory, reorder_s: float = REORDER_S) -> None:
        self._directory = directory
        self._reorder_s = reorder_s
        self._waiting: set[Key] = set()
        self._ready: dict[Key, None] = {}
        self._running: set[Key] = set()
        self._since: dict[Key, float] = {}
        self._means: Means | None = None
        self.begun = 0

    def connect(self, means: Means) -> None:
        """From now on gaps are read; without it they wait for ever."""
        self._means = means

    @property
    def pending(self) -> int:
        """Logs that are known to lack something."""
        return len(self._waiting) + len(self._ready) + len(self._running)

    @property
    def people(self) -> int:
        """Users whose own logs are known to lack something: who belongs where is in doubt."""
        return sum(kind == "user" for kind, _ in self._since)

    def settled(self, until: float) -> bool:
        """Whether every gap that was known by then is closed."""
        return not self._since or min(self._since.values()) > until

    def want(self, key: Key) -> None:
        """A log has a gap: read it unless it closes by itself in a moment."""
        if self._means is None or self._known(key):
            return
        self._since[key] = self._means.now()
        self._wait(self._means, key, self._reorder_s)

    def turn(self, key: Key) -> None:
        """This one has waited long enough, whatever a clock says: timers go off a hair early."""
        if key in self._waiting:
            self._waiting.remove(key)
            self._ready[key] = None
            self._begin()

    def ended(self, key: Key, *, well: bool) -> None:
        """A reading ended; what is still missing is read again, after a while if it failed."""
        self._running.discard(key)
        if self._means is None:
            return
        if gap_of(self._directory, key) is not None:
            self._wait(self._means, key, 0.0 if well else RETRY_S)
        else:
            self._since.pop(key, None)
        self._begin()

    def _known(self, key: Key) -> bool:
        return key in self._waiting or key in self._ready or key in self._running

    def _wait(self, means: Means, key: Key, seconds: float) -> None:
        self._waiting.add(key)
        means.later(seconds, key)

    def _begin(self) -> None:
        means = self._means
        while means is not None and self._ready and len(self._running) < MAX_RUNNING:
            key = next(iter(self._ready))
            del self._ready[key]
            if (gap := gap_of(self._directory, key)) is None:
                del self._since[key]
            else:
                self._running.add(key)
                self.begun += 1
                means.start(key, gap)
