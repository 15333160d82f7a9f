"""A node whose clock is not the database's: times of messages would go back and forth."""

from typing import Final

import structlog

from uptc_messenger.database import activity
from uptc_messenger.database.connection import Database
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.toolkit.clock import Clock

REFUSED_MS: Final = 30_000
_WARNED_MS: Final = 1_000
_log = structlog.get_logger(__name__)


async def check_clock(database: Database, clock: Clock) -> None:
    """Raise `SchemaError` where this machine is more than 30 s apart; warn from one second on.

    A database that is a file of this machine has this machine's clock.
    """
    before = clock()
    theirs = await database.read(activity.time)
    if theirs is None:
        return
    # What the question took is no difference.
    apart = theirs - min(max(theirs, before), clock())
    if abs(apart) > REFUSED_MS:
        raise SchemaError(
            f"This machine's clock is {_told(apart)} the database's: set it (timedatectl "
            "set-ntp true, or chrony), on both machines, and start again."
        )
    if abs(apart) > _WARNED_MS:
        _log.warning("the clock is not the database's", apart_s=apart / 1000, advice="use NTP")


def _told(apart: int) -> str:
    return f"{abs(apart) / 1000:.0f} s {'behind' if apart > 0 else 'ahead of'}"
