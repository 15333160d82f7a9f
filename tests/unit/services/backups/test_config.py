import msgspec
import pytest

from uptc_messenger.services.backups.config import BackupConfig


def test_a_server_backs_up_every_day_by_itself():
    assert BackupConfig().every_h == 24


@pytest.mark.parametrize("bad", [{"every_h": -1}, {"keep_daily": 0}, {"keep_weekly": -1}])
def test_what_would_keep_nothing_is_refused(bad: dict[str, int]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(bad, BackupConfig)
