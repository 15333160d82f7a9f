from pathlib import Path

import pytest

from tests.postgres import Postgres
from uptc_messenger.database import DatabaseConfig
from uptc_messenger.database.health import examine_health
from uptc_messenger.database.migrate import SchemaError


async def test_a_file_says_its_version_and_schema(data: Path):
    found = await examine_health(DatabaseConfig(url=f"sqlite:///{data}/uptc.db"))
    assert found.engine == "sqlite"
    assert found.revision == found.wanted
    assert found.clock_s is None


async def test_a_server_says_its_time_too(server: Postgres):
    found = await examine_health(DatabaseConfig(url=server.url("postgres")))
    assert found.engine == "postgresql"
    assert found.revision is None
    assert found.clock_s is not None
    assert abs(found.clock_s) < 60


async def test_no_file_is_a_schema_error(tmp_path: Path):
    with pytest.raises(SchemaError):
        await examine_health(DatabaseConfig(url=f"sqlite:///{tmp_path}/uptc.db"))


@pytest.mark.parametrize(
    ("kept", "filled", "said"),
    [
        (-3 * 4096, 3 * 4096, r"damaged .+ restore FILE --force"),
        (0, 10 * 4096, r"damaged|not a database"),
        (0, 0, r"is empty: something cut it off"),
    ],
)
async def test_a_damaged_file_is_what_serve_calls_it(data: Path, kept: int, filled: int, said: str):
    file = data / "uptc.db"
    left = file.read_bytes()[:kept] + b"x" * filled
    file.write_bytes(left)
    with pytest.raises(SchemaError, match=said):
        await examine_health(DatabaseConfig(url=f"sqlite:///{file}"))
    assert file.read_bytes() == left
