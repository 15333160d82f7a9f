from pathlib import Path

from tests.core import NOON
from uptc_messenger.services.backups.config import BackupConfig
from uptc_messenger.services.backups.rotation import name_at, rotate, superfluous

DAY = 86_400_000
CONFIG = BackupConfig(keep_daily=7, keep_weekly=4)


def days(count: int, per_day: int = 1) -> list[str]:
    """Names of backups of this many days up to a Monday, oldest first."""
    step = DAY // per_day
    return [name_at(NOON - back * step) for back in reversed(range(count * per_day))]


def test_seven_days_and_four_weeks_are_kept():
    names = days(60)
    kept = [name for name in names if name not in superfluous(names, CONFIG)]
    assert kept[-7:] == names[-7:]
    # The Monday is this week's newest; then the Sundays before: -1, -8 and -15 days.
    assert kept[:-7] == [names[-16], names[-9]]


def test_of_each_day_the_newest_is_kept():
    names = days(2, per_day=4)
    kept = [name for name in names if name not in superfluous(names, CONFIG)]
    assert names[-1] in kept
    assert len(kept) == len({name[:13] for name in names})


def test_few_backups_are_all_kept():
    assert superfluous(days(3), CONFIG) == []
    assert superfluous([], CONFIG) == []


def test_only_its_own_files_are_deleted(tmp_path: Path):
    mine = ["before-the-exam.backup.gz", "notes.txt", f"{name_at(NOON)}.123.partial", *days(20)]
    for name in mine:
        (tmp_path / name).touch()
    gone = rotate(tmp_path, CONFIG)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"before-the-exam.backup.gz", "notes.txt"} < left
    assert left.isdisjoint(gone)
    assert len(left) == 2 + 7 + 2
