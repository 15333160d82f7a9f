from pathlib import Path

from uptc_messenger.database import Database
from uptc_messenger.database.facts import facts
from uptc_messenger.database.migrate import head_revision


async def test_the_database_tells_its_kind_its_size_and_its_schema(database: Database, data: Path):
    found = await database.read(facts)
    assert (found.kind, found.schema) == ("sqlite", head_revision())
    assert found.size_bytes == (data / "uptc.db").stat().st_size
