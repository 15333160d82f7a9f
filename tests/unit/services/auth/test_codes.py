from pathlib import Path

import pytest
import sqlalchemy as sa

from uptc_messenger.database import Database, DatabaseConfig, open_database
from uptc_messenger.database.schema import codes as table
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services.auth import codes
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.ids import uuid7

ANA = UserId(uuid7())


async def test_a_code_is_good_once(database: Database):
    code = await database.write(lambda tx: codes.issue(tx, "reset", ANA, 60))
    assert await database.write(lambda tx: codes.redeem(tx, "reset", code)) == ANA
    with pytest.raises(NotFound):
        await database.write(lambda tx: codes.redeem(tx, "reset", code))


async def test_a_code_is_good_for_its_purpose_alone(database: Database):
    code = await database.write(lambda tx: codes.issue(tx, "reset", ANA, 60))
    with pytest.raises(NotFound):
        await database.write(lambda tx: codes.redeem(tx, "owner", code))
    with pytest.raises(NotFound):
        await database.write(lambda tx: codes.redeem(tx, "reset", code.swapcase()))


async def test_what_a_code_is_for_can_be_asked_until_it_is_used(database: Database):
    code = await database.write(lambda tx: codes.issue(tx, "reset", ANA, 60))
    now = wall_clock()
    for _ in range(2):
        found = await database.read(lambda reader: codes.purpose(reader, code, now))
        assert found.purpose == "reset"
    with pytest.raises(NotFound):
        await database.read(lambda reader: codes.purpose(reader, code, now + 3_600_000))
    await database.write(lambda tx: codes.redeem(tx, "reset", code))
    with pytest.raises(NotFound):
        await database.read(lambda reader: codes.purpose(reader, code, now))


async def test_a_newer_code_voids_the_older(database: Database):
    old = await database.write(lambda tx: codes.issue(tx, "owner", None, 60))
    new = await database.write(lambda tx: codes.issue(tx, "owner", None, 60))
    with pytest.raises(NotFound):
        await database.write(lambda tx: codes.redeem(tx, "owner", old))
    assert await database.write(lambda tx: codes.redeem(tx, "owner", new)) is None


async def test_a_code_expires(data: Path):
    now = 0
    url = f"sqlite:///{data}/uptc.db"
    database = await open_database(DatabaseConfig(url=url), clock=lambda: now)
    code = await database.write(lambda tx: codes.issue(tx, "reset", ANA, 60))
    now = 60_000
    with pytest.raises(NotFound):
        await database.write(lambda tx: codes.redeem(tx, "reset", code))
    await database.close()


async def test_a_code_is_stored_as_a_hash(database: Database):
    code = await database.write(lambda tx: codes.issue(tx, "reset", ANA, 60))
    rows = await database.read(lambda reader: reader.all(sa.select(table)))
    assert len(rows) == 1
    assert code not in repr(rows)
