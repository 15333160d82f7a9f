"""When backups are made, where they go, and how many are kept."""

from typing import Annotated

from msgspec import Meta

from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import HoursOrNever


class BackupConfig(Record, frozen=True):
    """The schedule; each backup is proven by restoring it to a scratch folder."""

    every_h: HoursOrNever = 24.0
    """Hours between backups; 0 makes none."""

    dir: str = ""
    """Folder of the backups; better on another disk than the data."""

    keep_daily: Annotated[int, Meta(ge=1, le=10_000)] = 7
    """Days of which the newest backup is kept."""

    keep_weekly: Annotated[int, Meta(ge=0, le=10_000)] = 4
    """Weeks of which the newest backup is kept."""
