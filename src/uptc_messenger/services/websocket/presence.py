"""Who is here: kept in memory, told on transitions only, and only to people who may know."""

from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Final

import msgspec
from msgspec import UNSET

from uptc_messenger.models.base import UserId
from uptc_messenger.models.frames import Presence, PresenceEntry, PresenceState
from uptc_messenger.services.websocket.elsewhere import Elsewhere
from uptc_messenger.services.websocket.mail import Seen
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.rooms import Directory
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.toolkit.clock import rfc3339

_ORDER: Final[tuple[PresenceState, ...]] = ("online", "dnd", "idle", "offline")


class PresenceBoard:
    """The state of each user here, and which sessions show whom.

    A person whose last session ended is `offline` only after a grace, so that a phone in a
    lift does not blink; whoever appears on another node meanwhile is seen as there.
    """

    def __init__(
        self,
        directory: Directory,
        later: Callable[[UserId], None],
        clock: Callable[[], int],
        elsewhere: Elsewhere,
    ) -> None:
        self._directory = directory
        self._later = later
        self._clock = clock
        self._elsewhere = elsewhere
        self._here: dict[UserId, Seen] = {}
        self._shown: dict[UserId, PresenceEntry] = {}
        self._texts: dict[UserId, str] = {}
        self._watchers: defaultdict[UserId, set[Subscriber]] = defaultdict(set)
        self._hushed: set[Subscriber] = set()
        elsewhere.live(self)

    def watch(self, subscriber: Subscriber, user_ids: Collection[UserId]) -> list[UserId]:
        """Replace the people that a session shows; whoever calls has checked that it may.

        Returns those whom nobody here has shown until now: other nodes are to be asked.
        """
        before, after = set(subscriber.watched), set(user_ids)
        subscriber.watched = tuple(user_ids)
        for user_id in before - after:
            self._unwatch(subscriber, user_id)
        fresh = [user_id for user_id in user_ids if user_id not in self._watchers]
        for user_id in fresh:
            self._elsewhere.follow(user_id, here=True)
            self._shown[user_id] = self._entry(user_id)
        for user_id in after - before:
            self._watchers[user_id].add(subscriber)
        return fresh

    @contextmanager
    def hushed(self, subscriber: Subscriber) -> Generator[None]:
        """Tell a session nothing meanwhile: its whole view is on the way to it."""
        self._hushed.add(subscriber)
        try:
            yield
        finally:
            self._hushed.discard(subscriber)

    def states(
        self, user_ids: Iterable[UserId], last_seen: Mapping[UserId, int]
    ) -> list[PresenceEntry]:
        """How each of these people is shown now; `last_seen` in ms for who is not here.

        Who is in neither has never been here, or keeps it to themselves.
        """
        return [self._state(user_id, last_seen.get(user_id)) for user_id in user_ids]

    def arrived(self, subscriber: Subscriber) -> None:
        """A session began."""
        self._update(subscriber.user_id)

    def departed(self, subscriber: Subscriber) -> None:
        """A session ended."""
        self.watch(subscriber, ())
        if subscriber.user_id not in self._directory.people:
            self._later(subscriber.user_id)
        self._update(subscriber.user_id)

    def lapse(self, user_id: UserId, *, openly: bool) -> None:
        """The grace of a person is over; they may have come back meanwhile.

        `openly` where others may know when they were here last.
        """
        if user_id not in self._directory.people:
            self._texts.pop(user_id, None)
            if self._here.pop(user_id, None) is not None:
                self._elsewhere.part(user_id, openly=openly)
            self._change(user_id, openly=openly)

    def declare(self, subscriber: Subscriber, state: PresenceState, text: str | None) -> None:
        """A session says how its user wants to be seen; an empty text takes it back."""
        subscriber.state = state
        if text is not None:
            self._texts[subscriber.user_id] = text
        self._update(subscriber.user_id)

    def here(self, user_id: UserId) -> Seen | None:
        """How this node sees one of its own people; None for who is not here."""
        return self._here.get(user_id)

    def changed(self, user_id: UserId) -> None:
        """Somebody may be seen differently: tell those who show them, if it is so."""
        self._change(user_id, openly=self._elsewhere.parted(user_id))

    def _change(self, user_id: UserId, *, openly: bool) -> None:
        before = self._shown.get(user_id)
        if before is None:
            return
        entry = self._entry(user_id, openly=openly)
        # The node that somebody left may speak up a moment after their grace was over here.
        dated = before.last_seen is UNSET and entry.last_seen is not UNSET
        if dated or (before.state, before.text) != (entry.state, entry.text):
            self._shown[user_id] = entry
            self._tell(entry)

    def _update(self, user_id: UserId) -> None:
        before, seen = self._here.get(user_id), self._local(user_id)
        if seen == before:
            return
        if seen is None:
            del self._here[user_id]
        else:
            self._here[user_id] = seen
        self._elsewhere.say(user_id)
        self.changed(user_id)

    def _local(self, user_id: UserId) -> Seen | None:
        person = self._directory.people.get(user_id)
        if person is None:
            known = self._here.get(user_id)
            return known and msgspec.structs.replace(known, moving=True)
        state = _strongest({subscriber.state for subscriber in person.subscribers})
        text = self._texts.get(user_id) or None
        return None if state == "offline" else Seen(user_id, state, text)

    def _state(self, user_id: UserId, last_seen: int | None) -> PresenceEntry:
        entry = self._shown.get(user_id) or self._entry(user_id)
        return _away(user_id, last_seen) if entry.state == "offline" else entry

    def _entry(self, user_id: UserId, *, openly: bool = False) -> PresenceEntry:
        here = self._here.get(user_id)
        known = [*self._elsewhere.of(user_id), *([here] if here else ())]
        # Where a person is surely counts before where they have just been.
        known = [seen for seen in known if not seen.moving] or known
        if not known:
            return _away(user_id, self._clock() if openly else None)
        seen = min(known, key=lambda each: _ORDER.index(each.state))
        return PresenceEntry(user_id=user_id, state=seen.state, text=seen.text or UNSET)

    def _tell(self, entry: PresenceEntry) -> None:
        packet = single(Presence(users=[entry]))
        for subscriber in self._watchers.get(entry.user_id, set()) - self._hushed:
            if not self._directory.are_apart(subscriber, entry.user_id):
                subscriber.whisper(packet)

    def _unwatch(self, subscriber: Subscriber, user_id: UserId) -> None:
        watchers = self._watchers[user_id]
        watchers.discard(subscriber)
        if not watchers:
            del self._watchers[user_id]
            del self._shown[user_id]
            self._elsewhere.follow(user_id, here=False)


def _strongest(states: Collection[PresenceState]) -> PresenceState:
    for state in _ORDER:
        if state in states:
            return state
    return "offline"


def _away(user_id: UserId, seen: int | None) -> PresenceEntry:
    last = UNSET if seen is None else rfc3339(seen)
    return PresenceEntry(user_id=user_id, state="offline", last_seen=last)
