from collections.abc import Generator

import pytest

from tests import postgres
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def server() -> Generator[Postgres, None, None]:
    """A PostgreSQL with nothing in it."""
    with postgres.serving() as started:
        yield started
