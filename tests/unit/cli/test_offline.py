from pathlib import Path

import pytest

from uptc_messenger import settings
from uptc_messenger.cli import offline
from uptc_messenger.models.errors import Problem


async def test_what_is_opened_is_closed_afterwards(tmp_path: Path):
    built = settings.build(settings.collect({"data": str(tmp_path)}, {}))
    async with offline.opened(built) as (database, _):
        await database.ping()
    with pytest.raises(Problem):
        await database.write(lambda tx: None)
