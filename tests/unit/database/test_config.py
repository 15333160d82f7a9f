from pathlib import Path

import msgspec
import pytest

from uptc_messenger.database import DatabaseConfig


def test_every_queue_has_a_limit_from_the_start():
    config = DatabaseConfig(url="sqlite:///uptc.db")
    assert 0 < config.batch_limit <= config.queue_limit
    assert config.commit_timeout_s > 0
    assert config.pool_size > 0


def test_a_database_in_a_file_says_which():
    assert DatabaseConfig(url="sqlite:////srv/a%20b/uptc.db").files == (Path("/srv/a b/uptc.db"),)
    assert DatabaseConfig(url="postgresql://ana:x@db/uptc").files == ()


def test_it_needs_to_know_where_the_database_is():
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({}, DatabaseConfig)
