"""What is true only now, and lost without harm: typing, receipts, that people are apart."""

from typing import Final

from uptc_messenger.models.base import UserId
from uptc_messenger.models.events import Apart
from uptc_messenger.models.fleeting import ReceiptShown, Typing
from uptc_messenger.models.frames import Presence, PresenceEntry
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.rooms import Directory
from uptc_messenger.services.websocket.subscriber import Subscriber

TYPING_VIEWERS: Final = 500
"""With more people looking at a chat, nobody is told who is typing."""


def show(directory: Directory, frame: Typing | ReceiptShown) -> None:
    """Show something to the others who look at a chat."""
    room = directory.rooms.get(frame.chat_id)
    if room is None or (isinstance(frame, Typing) and len(room.viewers) > TYPING_VIEWERS):
        return
    packet = single(frame)
    for subscriber in tuple(room.viewers):
        if _may_see(directory, subscriber, frame.user_id):
            subscriber.whisper(packet)


def part(directory: Directory, apart: Apart) -> None:
    """Between two people nothing fleeting passes any more, or it does again."""
    one, other = apart.one, apart.other
    directory.part(one, other, on=apart.on)
    for viewer, seen in ((one, other), (other, one)) if apart.on else ():
        person = directory.people.get(viewer)
        gone = single(Presence(users=[PresenceEntry(user_id=seen, state="offline")]))
        for subscriber in person.subscribers if person else ():
            if seen in subscriber.watched:
                subscriber.whisper(gone)


def _may_see(directory: Directory, subscriber: Subscriber, user_id: UserId) -> bool:
    return subscriber.user_id != user_id and not directory.are_apart(subscriber, user_id)
