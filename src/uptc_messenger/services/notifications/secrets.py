"""The secrets of notifications, made at the first start and kept in the database."""

import secrets
from typing import Final

from uptc_messenger.database import Database, Transaction
from uptc_messenger.models.base import Record
from uptc_messenger.services.notifications import vapid
from uptc_messenger.services.notifications.repository import keys

VAPID: Final = "vapid_key"
MAIL: Final = "mail_key"


class Secrets(Record, frozen=True):
    """`vapid` signs for push services, `mail` the links in letters."""

    vapid: str
    mail: bytes


async def prepare(database: Database) -> Secrets:
    """The secrets of this installation; of several nodes that start at once, one makes them."""

    def find_or_make(tx: Transaction) -> Secrets:
        return Secrets(
            vapid=keys.keep(tx, VAPID, vapid.new_secret()),
            mail=bytes.fromhex(keys.keep(tx, MAIL, secrets.token_hex(32))),
        )

    return await database.write(find_or_make)
