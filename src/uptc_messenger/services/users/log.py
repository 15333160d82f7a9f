"""The log of a user: what is one's own, in one order on every device."""

from collections.abc import Callable

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import Seq, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import ToUser, UserEvent
from uptc_messenger.services.users import repository


def append(tx: Transaction, user_id: UserId, build: Callable[[Seq], UserEvent]) -> UserEvent:
    """Give the event that `build` makes the user's next `useq`, store it, announce it."""
    useq = repository.next_useq(tx, user_id)
    if useq is None:
        raise NotFound("There is no such person.")
    event = build(useq)
    repository.append_to_log(
        tx,
        {
            "user_id": user_id,
            "useq": useq,
            "kind": type(event).__struct_config__.tag,
            "data": event.data,
            "created_at": tx.now,
        },
    )
    tx.emit(ToUser(user_id=user_id, event=event))
    return event
