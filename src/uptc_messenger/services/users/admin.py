"""What the command line sees of accounts."""

from typing import Final

from uptc_messenger.database import Reader
from uptc_messenger.models.admin import Accounts, Entry, ListUsers
from uptc_messenger.services.users import repository
from uptc_messenger.toolkit.clock import rfc3339

MOST_LISTED: Final = 500


def listed(reader: Reader, wanted: ListUsers) -> Accounts:
    """A page of the accounts, by username; for `Database.scan`."""
    rows = repository.listed(reader, wanted.after.casefold(), wanted.role, MOST_LISTED + 1)
    accounts = [
        Entry(
            username=row.username,
            display_name=row.display_name,
            role=row.role,
            disabled=row.disabled,
            created_at=rfc3339(row.created_at),
            last_seen_at=None if row.last_seen_at is None else rfc3339(row.last_seen_at),
        )
        for row in rows[:MOST_LISTED]
    ]
    return Accounts(accounts=accounts, more=len(rows) > MOST_LISTED)
