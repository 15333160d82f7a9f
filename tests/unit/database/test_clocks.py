import pytest
from structlog.testing import capture_logs

from tests.core import World, installed
from tests.postgres import Postgres
from uptc_messenger.database.clocks import REFUSED_MS, check_clock
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.toolkit.clock import Clock, wall_clock
from uptc_messenger.toolkit.ids import uuid7


def off_by(ms: int) -> Clock:
    return lambda: wall_clock() + ms


async def test_a_clock_that_is_off_is_refused_or_warned_of(server: Postgres):
    name = f"test_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    async with installed(server.url(name)) as world:
        for apart, told in ((-90_000, r"[89]\d s behind"), (90_000, r"[89]\d s ahead of")):
            with pytest.raises(SchemaError, match=f"is {told} the database's: set it"):
                await check_clock(world.database, off_by(apart))
        for apart, warnings in ((0, 0), (-5_000, 1), (5_000, 1)):
            with capture_logs() as logs:
                await check_clock(world.database, off_by(apart))
            assert len(logs) == warnings


async def test_a_file_has_the_clock_of_its_machine(world: World):
    await check_clock(world.database, off_by(REFUSED_MS * 2))
