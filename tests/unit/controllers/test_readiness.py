from pathlib import Path

from uptc_messenger.controllers.readiness import Readiness
from uptc_messenger.database import Database, DatabaseConfig, open_database


async def test_a_node_is_ready_while_its_database_answers(data: Path):
    database = await open_database(DatabaseConfig(url=f"sqlite:///{data}/uptc.db"))
    readiness = Readiness(database)
    assert await readiness.obstacle() is None
    await database.close()
    assert await readiness.obstacle() == "The writer of the database has stopped."


async def test_a_node_that_drains_is_not_ready(database: Database):
    readiness = Readiness(database)
    readiness.drain()
    assert await readiness.obstacle() == "This node is stopping."
