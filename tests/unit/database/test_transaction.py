import pytest
import sqlalchemy as sa

from tests.core import World
from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import installation
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import CloseCode, Conflict
from uptc_messenger.models.events import EndSessions
from uptc_messenger.toolkit.ids import uuid7

PUT, ALL = sa.insert(installation), sa.select(installation.c.name)


async def test_rows_one_row_and_one_value(world: World):
    values = [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert await world.database.write(lambda tx: tx.run(PUT, values)) == 2

    def look(reader: Reader) -> tuple[int, str, str]:
        first = reader.first(ALL.order_by(installation.c.name))
        assert first is not None
        value = reader.value(
            sa.select(installation.c.value).where(installation.c.name == sa.bindparam("key")),
            {"key": "b"},
        )
        return len(reader.all(ALL)), first.name, value

    assert await world.database.read(look) == (2, "a", "2")
    nothing = ALL.where(installation.c.name == "c")
    assert await world.database.read(lambda reader: reader.first(nothing)) is None
    assert await world.database.read(lambda reader: reader.value(nothing)) is None
    assert await world.database.read(lambda reader: reader.dialect) == "sqlite"


async def test_a_savepoint_takes_back_what_was_done_in_it(world: World):
    def undone(tx: Transaction) -> None:
        with tx.savepoint():
            tx.run(PUT, {"name": "undone", "value": "x"})
            raise Conflict

    def command(tx: Transaction) -> None:
        tx.run(PUT, {"name": "kept", "value": "x"})
        with pytest.raises(Conflict):
            undone(tx)

    await world.database.write(command)
    names = await world.database.read(lambda reader: [row.name for row in reader.all(ALL)])
    assert names == ["kept"]


async def test_announcements_keep_the_order_in_which_they_were_made(world: World):
    told = [
        EndSessions(user_id=UserId(uuid7()), session_ids=None, code=CloseCode.SESSION_REVOKED)
        for _ in range(3)
    ]

    def command(tx: Transaction) -> list[object]:
        for publication in told:
            tx.emit(publication)
        return list(tx.emitted)

    assert await world.database.write(command) == told
    assert world.announced == told
