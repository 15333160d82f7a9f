from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.core import World, ignore
from tests.postgres import Postgres
from uptc_messenger.database import Reader, copying
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.merging import Merge
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.survey import Sink, Totals, survey
from uptc_messenger.toolkit.ids import uuid7

SHEETS = copying.sheets()


async def merged(world: World, target: AsyncEngine) -> tuple[int, Totals, Totals]:
    """Merge once; the rows that were changed, and the sums of both sides."""
    source = make_engine(Path(world.url.removeprefix("sqlite:///")), writer=False)

    def work(reading: sa.Connection, writing: sa.Connection) -> tuple[int, Totals]:
        merge = Merge(Reader(reading), writing, ignore)
        with source.begin() as connection:
            totals = survey(Reader(connection), SHEETS, merge)
        merge.finish()
        return merge.changed, totals

    async with target.connect() as reading, target.connect() as writing:
        await reading.execution_options(isolation_level="REPEATABLE READ")
        other = writing.sync_connection
        assert other is not None
        changed, expected = await reading.run_sync(work, other)
    source.dispose()
    async with target.connect() as reading:
        found = await reading.run_sync(lambda one: survey(Reader(one), SHEETS, Sink()))
    return changed, expected, found


async def test_only_what_differs_is_written(world: World, server: Postgres):
    name = f"test_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    await upgrade(sa.make_url(server.url(name)))
    ana = await world.user("ana")
    chat_id = await world.group(ana)
    for text in ("uno", "dos", "tres"):
        await world.say(ana, chat_id, text)
    target = engine_at_primary(sa.make_url(server.url(name)), "test")
    changed, expected, found = await merged(world, target)
    assert (changed, found) == (sum(each.rows for each in expected.tables.values()), expected)
    assert (await merged(world, target))[0] == 0
    async with target.begin() as connection:
        # One is changed, one is missing, two are too many.
        for statement in (
            "UPDATE messages SET n = 7 WHERE seq = 1",
            "DELETE FROM messages WHERE seq = 2",
            "INSERT INTO installation VALUES ('a', ''), ('zz', '')",
        ):
            await connection.exec_driver_sql(statement)
    changed, expected, found = await merged(world, target)
    assert (changed, found) == (2 + 1 + 2, expected)
    await target.dispose()


def test_a_key_is_read_from_a_line():
    sheet = Sheet(name="codes", columns=(("a", "int"), ("b", "bytes")), key=("b", "a"))
    assert copying.sort_key(sheet)(b'[7,"AAE="]') == (b"\x00\x01", 7)
