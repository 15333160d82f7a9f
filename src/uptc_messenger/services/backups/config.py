"""When backups are made, where they go, and how many are kept."""

from typing import Annotated

import msgspec

from uptc_messenger.models.base import Record


class BackupConfig(Record, frozen=True):
    """The schedule; each backup is proven by restoring it to a scratch folder."""

    every_h: Annotated[float, msgspec.Meta(ge=0)] = 24.0
    """Hours between backups; 0 makes none."""

    dir: str = ""
    """Folder of the backups; better on another disk than the data."""

    keep_daily: Annotated[int, msgspec.Meta(ge=1)] = 7
    """Days of which the newest backup is kept."""

    keep_weekly: Annotated[int, msgspec.Meta(ge=0)] = 4
    """Weeks of which the newest backup is kept."""
