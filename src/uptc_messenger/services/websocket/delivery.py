"""From a room to the sessions that have it open: each entry after the head they were told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from uptc_messenger.models.base import ChatId, Seq
from uptc_messenger.models.events import MemberLeft
from uptc_messenger.models.frames import ChatHeads, Head
from uptc_messenger.services.websocket.packets import Packet, single
from uptc_messenger.services.websocket.rooms import Comer, Directory, Room
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.services.websocket.told import Kind, Told

MAX_WAITING: Final = 200
"""Entries that wait for a session to learn its head; beyond it the session reads them itself."""


def deliver(room: Room, entries: Sequence[Told]) -> int:
    """Hand entries, in their order, to who is owed them; returns how many were handed over."""
    if room.viewers:
        packet = _packet(entries)
        for subscriber in tuple(room.viewers):
            subscriber.offer(packet, room.chat_id)
    if room.comers:
        _to_comers(room, entries)
    return len(room.viewers) * len(entries)


def begin(room: Room, subscriber: Subscriber, since: Seq) -> Sequence[Told]:
    """A session was told that the chat stands at `since`: it is owed what comes after.

    Returns what may be delivered now to everybody: it waited for a position to start from.
    """
    comer = (room.comers or {}).get(subscriber)
    if comer is None:
        return ()
    comer.since = since
    waited = [entry for entry in comer.waiting if entry.seq > since]
    overflown = len(comer.waiting) > MAX_WAITING
    comer.waiting = []
    if overflown:
        _send_head(room, subscriber)
    elif waited:
        subscriber.offer(_packet(waited), room.chat_id)
    ready = room.log.settle(since) if room.log.position is None else ()
    room.log.learn(since)
    _promote(room, subscriber, comer, room.log.position)
    return ready


def owing(rooms: Mapping[ChatId, Room], subscriber: Subscriber) -> list[Room]:
    """The chats that a session has open and was not handed all that is known of."""
    looked = [rooms[chat_id] for chat_id in subscriber.open if chat_id in rooms]
    return [room for room in looked if room.log.behind or subscriber in (room.comers or ())]


def skip(room: Room, upto: Seq) -> Sequence[Told]:
    """What lies before cannot be read here: everybody who looks is told to read it themselves."""
    ready = room.log.settle(upto)
    for subscriber in (*room.viewers, *(room.comers or ())):
        _send_head(room, subscriber)
    return ready


def split_at_goings(entries: Sequence[Told]) -> Iterator[Sequence[Told]]:
    """Runs of entries; each going of a member begins a run, for it changes who hears the rest."""
    start = 0
    for index, entry in enumerate(entries):
        if entry.kind is Kind.LEFT and index > start:
            yield entries[start:index]
            start = index
    yield entries[start:]


def see_going(directory: Directory, room: Room, entry: Told) -> None:
    """Whoever went at this position hears nothing from here on."""
    if entry.kind is not Kind.LEFT or not isinstance(entry.event, MemberLeft):
        return
    person = directory.people.get(entry.event.data.user_id)
    # Who came back meanwhile is a member from a later position on.
    if person is not None and entry.seq > person.chats.get(room.chat_id, entry.seq):
        directory.leave(person, room.chat_id)


def _to_comers(room: Room, entries: Sequence[Told]) -> None:
    for subscriber, comer in tuple((room.comers or {}).items()):
        since = comer.since
        if since is None:
            if len(comer.waiting) <= MAX_WAITING:
                comer.waiting.extend(entries)
            continue
        owed = [entry for entry in entries if entry.seq > since]
        if owed:
            subscriber.offer(_packet(owed), room.chat_id)
        # The log's own position is ahead already of the runs that are still to be handed over.
        _promote(room, subscriber, comer, entries[-1].seq)


def _promote(room: Room, subscriber: Subscriber, comer: Comer, upto: Seq | None) -> None:
    since = comer.since
    if room.comers and since is not None and upto is not None and upto >= since:
        del room.comers[subscriber]
        room.comers = room.comers or None
        room.viewers.add(subscriber)


def _packet(entries: Sequence[Told]) -> Packet:
    return Packet([entry.payload for entry in entries], len(entries))


def _send_head(room: Room, subscriber: Subscriber) -> None:
    head = Head(chat_id=room.chat_id, seq=room.seq, n=room.n)
    subscriber.put(single(ChatHeads(heads=[head]), counted=1))
