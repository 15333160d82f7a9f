"""Which backups of a folder are kept: the newest of each day, and of each week."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from uptc_messenger.services.backups import files
from uptc_messenger.services.backups.config import BackupConfig
from uptc_messenger.services.backups.writing import PARTIAL

_NAME: Final = "uptc-%Y%m%dT%H%M%SZ.backup.gz"
_OURS: Final = re.compile(r"uptc-\d{8}T\d{6}Z\.backup\.gz")


def name_at(now: int) -> str:
    """The name of a backup of the schedule; names sort as their times."""
    return time.strftime(_NAME, time.gmtime(now // 1000))


def superfluous(names: Iterable[str], config: BackupConfig) -> list[str]:
    """The backups of the schedule that need not be kept; other files are none of its business."""
    ours = sorted((name for name in names if _OURS.fullmatch(name)), reverse=True)
    kept = _newest(ours, "%Y%m%d", config.keep_daily) | _newest(ours, "%G-%V", config.keep_weekly)
    return [name for name in ours if name not in kept]


def rotate(folder: Path, config: BackupConfig) -> list[str]:
    """Delete what need not be kept, and what an interrupted backup left behind."""
    names = [path.name for path in folder.iterdir()]
    doomed = superfluous(names, config)
    doomed += [name for name in names if _OURS.match(name) and name.endswith(PARTIAL)]
    for name in doomed:
        (folder / name).unlink(missing_ok=True)
        files.forget(folder / name)
    files.sweep(folder)
    return doomed


def _newest(names: list[str], period: str, wanted: int) -> set[str]:
    """The newest of each of the last periods in which there is one; `names` come newest first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(time.strftime(period, time.strptime(name, _NAME)), name)
    return set(list(found.values())[:wanted])
