"""Where letters go: an address counts once somebody who reads it has said so."""

import re
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Millis, UserId
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services.notifications import preferences, tickets
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.repository import settings as repository

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?"
)


def put(tx: Transaction, user_id: UserId, address: str | None) -> NotificationSettings:
    """Take an address, still to be confirmed, or none; one that is there already stays so.

    Raises `BadRequest` for what no mail server takes.
    """
    if address is not None and not _ADDRESS.fullmatch(address):
        raise BadRequest("address: an e-mail address such as ana@example.edu.")
    before = preferences.of(tx, user_id)
    if before.address == address and before.address_state in {"confirmed", "none"}:
        return before
    jobs.forget(tx, user_id, "mail")
    state = "none" if address is None else "unconfirmed"
    values = {"address": address, "address_state": state, "address_problem": None}
    return preferences.change(tx, user_id, values)


def confirm(tx: Transaction, key: bytes, code: str) -> NotificationSettings:
    """The link of the letter was followed; raises `NotFound` where it is not good."""
    user_id, settings = _holder(tx, key, code, "confirm", tx.now)
    if settings.address_state == "confirmed":
        return settings
    return preferences.set_state(tx, user_id, "confirmed")


def unsubscribe(tx: Transaction, key: bytes, code: str) -> NotificationSettings:
    """No more letters; raises `NotFound` where the link is not good."""
    user_id, _ = _holder(tx, key, code, "unsubscribe", tx.now)
    jobs.forget(tx, user_id, "mail")
    return preferences.change(tx, user_id, {"mail": "off"})


def look(reader: Reader, key: bytes, code: str, purpose: tickets.Purpose, now: Millis) -> UserId:
    """Whose link it is; raises `NotFound` where it is not good."""
    return _holder(reader, key, code, purpose, now)[0]


def refused(tx: Transaction, address: str, reason: str) -> int:
    """Mail to this address came back: no more goes there. Answers whose it was, how many."""
    people = repository.with_address(tx, address)
    for user_id in people:
        jobs.forget(tx, user_id, "mail")
        preferences.set_state(tx, user_id, "refused", reason[:200])
    return len(people)


def _holder(
    reader: Reader, key: bytes, code: str, purpose: tickets.Purpose, now: Millis
) -> tuple[UserId, NotificationSettings]:
    user_id = tickets.peek(code).user_id
    settings = preferences.of(reader, user_id)
    tickets.check(key, purpose, settings.address, code, now)
    return user_id, settings
