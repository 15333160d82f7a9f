"""Who is here: kept in memory, told on transitions only, and only to people who may know."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from msgspec import UNSET

from uptc_messenger.models.base import UserId
from uptc_messenger.models.frames import Presence, PresenceEntry, PresenceState
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.rooms import Directory
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.toolkit.clock import rfc3339

_ORDER: Final[tuple[PresenceState, ...]] = ("online", "dnd", "idle", "offline")


class PresenceBoard:
    """The state of each user here, and which sessions show it.

    A person whose last session ended is `offline` only after a grace, so that a phone in a
    lift does not blink.
    """

    def __init__(
        self, directory: Directory, later: Callable[[UserId], None], clock: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._later = later
        self._clock = clock
        self._shown: dict[UserId, PresenceEntry] = {}
        self._texts: dict[UserId, str] = {}
        self._watchers: defaultdict[UserId, set[Subscriber]] = defaultdict(set)

    def watch(self, subscriber: Subscriber, user_ids: Collection[UserId]) -> None:
        """Replace the people that a session shows; whoever calls has checked that it may."""
        for user_id in subscriber.watched:
            self._unwatch(subscriber, user_id)
        subscriber.watched = tuple(user_ids)
        for user_id in user_ids:
            self._watchers[user_id].add(subscriber)

    def states(
        self, user_ids: Iterable[UserId], last_seen: Mapping[UserId, int]
    ) -> list[PresenceEntry]:
        """How each of these people is shown now; `last_seen` in ms for who is not here."""
        return [self._shown.get(u) or _away(u, last_seen.get(u)) for u in user_ids]

    def arrived(self, subscriber: Subscriber) -> None:
        """A session began."""
        self._update(subscriber.user_id)

    def departed(self, subscriber: Subscriber) -> None:
        """A session ended."""
        self.watch(subscriber, ())
        if subscriber.user_id in self._directory.people:
            self._update(subscriber.user_id)
        else:
            self._later(subscriber.user_id)

    def lapse(self, user_id: UserId) -> None:
        """The grace of a person is over; they may have come back meanwhile."""
        if user_id not in self._directory.people:
            self._texts.pop(user_id, None)
            self._update(user_id)

    def declare(self, subscriber: Subscriber, state: PresenceState, text: str | None) -> None:
        """A session says how its user wants to be seen; an empty text takes it back."""
        subscriber.state = state
        if text is not None:
            self._texts[subscriber.user_id] = text
        self._update(subscriber.user_id)

    def _update(self, user_id: UserId) -> None:
        before = self._shown.get(user_id)
        entry = self._entry(user_id)
        if before == entry or (before is None and entry.state == "offline"):
            return
        if entry.state == "offline" and not self._watchers.get(user_id):
            self._shown.pop(user_id, None)
        else:
            self._shown[user_id] = entry
        self._tell(entry)

    def _entry(self, user_id: UserId) -> PresenceEntry:
        person = self._directory.people.get(user_id)
        here = person.subscribers if person else []
        state = _strongest({subscriber.state for subscriber in here})
        if state == "offline":
            return _away(user_id, self._clock())
        return PresenceEntry(user_id=user_id, state=state, text=self._texts.get(user_id) or UNSET)

    def _tell(self, entry: PresenceEntry) -> None:
        packet = single(Presence(users=[entry]))
        for subscriber in tuple(self._watchers.get(entry.user_id, ())):
            if not self._directory.are_apart(subscriber, entry.user_id):
                subscriber.whisper(packet)

    def _unwatch(self, subscriber: Subscriber, user_id: UserId) -> None:
        watchers = self._watchers.get(user_id)
        if watchers is None:
            return
        watchers.discard(subscriber)
        if not watchers:
            del self._watchers[user_id]
            shown = self._shown.get(user_id)
            if shown is not None and shown.state == "offline":
                del self._shown[user_id]


def _strongest(states: Collection[PresenceState]) -> PresenceState:
    for state in _ORDER:
        if state in states:
            return state
    return "offline"


def _away(user_id: UserId, seen: int | None) -> PresenceEntry:
    last = UNSET if seen is None else rfc3339(seen)
    return PresenceEntry(user_id=user_id, state="offline", last_seen=last)
