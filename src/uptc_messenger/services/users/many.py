"""What is asked of, or told to, many people at once: a statement or two, however many."""

from collections.abc import Callable, Collection

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Seq, UserId
from uptc_messenger.models.events import ToUser, UserEvent
from uptc_messenger.services.users import repository


def active(reader: Reader, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of the users who exist and are not disabled."""
    return {row.id for row in repository.by_ids(reader, user_ids) if not row.disabled}


def tell(
    tx: Transaction, user_ids: Collection[UserId], build: Callable[[UserId, Seq], UserEvent]
) -> None:
    """Append the event that `build` makes for each user to that user's log, and announce it.

    Who does not exist is left out.
    """
    events = {user: build(user, useq) for user, useq in repository.next_useqs(tx, user_ids)}
    repository.append_all_to_log(
        tx,
        [
            {
                "user_id": user_id,
                "useq": event.useq,
                "kind": type(event).__struct_config__.tag,
                "data": event.data,
                "created_at": tx.now,
            }
            for user_id, event in events.items()
        ],
    )
    for user_id, event in events.items():
        tx.emit(ToUser(user_id=user_id, event=event))
