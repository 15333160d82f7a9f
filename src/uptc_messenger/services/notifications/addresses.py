"""Where letters go: an address counts once somebody who reads it has said so."""

import re
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Millis, Record, UserId
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


def confirm(tx: Transaction, key: bytes, code: str) -> UserId:
    """The link of the letter was followed; whose. Raises `NotFound` where it is not good."""
    user_id = look(tx, key, code, "confirm", tx.now)
    preferences.set_state(tx, user_id, "confirmed")
    return user_id


def unsubscribe(tx: Transaction, key: bytes, code: str) -> UserId:
    """No more letters; to whom. Raises `NotFound` where the link is not good."""
    user_id = look(tx, key, code, "unsubscribe", tx.now)
    jobs.forget(tx, user_id, "mail")
    preferences.change(tx, user_id, {"mail": "off"})
    return user_id


def look(reader: Reader, key: bytes, code: str, purpose: tickets.Purpose, now: Millis) -> UserId:
    """Whose link it is; raises `NotFound` where it is not good."""
    user_id = tickets.peek(code).user_id
    tickets.check(key, purpose, preferences.of(reader, user_id).address, code, now)
    return user_id


class Returned(Record, frozen=True):
    """A letter that came back, by its `Message-ID`; `key` is what its name was signed with."""

    message_id: str
    key: bytes


def refused(tx: Transaction, address: str, reason: str, letter: Returned | None = None) -> int:
    """Mail to this address came back: no more goes there. Answers whose it was, how many.

    Of a `letter` only who got it from us: anybody can write that one came back.
    """
    people = repository.with_address(tx, address)
    if letter is not None:
        people = [user_id for user_id in people if _got(tx, user_id, letter)]
    for user_id in people:
        jobs.forget(tx, user_id, "mail")
        preferences.set_state(tx, user_id, "refused", reason[:200])
    return len(people)


def _got(reader: Reader, user_id: UserId, letter: Returned) -> bool:
    name = letter.message_id.strip().strip("<>").rpartition("@")[0]
    address = preferences.of(reader, user_id).address or ""
    return name.startswith(f"{user_id}-") and tickets.is_signed(letter.key, address, name)
