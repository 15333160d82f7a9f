import asyncio
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from tests.core import World, ignore, installed
from tests.postgres import Postgres
from uptc_messenger.database import Reader, promotion
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.installation import identify, read_facts
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.moves import MOVED_TO, PROMOTION_OF
from uptc_messenger.database.promotion import Copied, Move, copy, settle, undo
from uptc_messenger.database.rebuild import Occupied
from uptc_messenger.database.schema import metadata, users
from uptc_messenger.database.survey import Sink, Totals, survey
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.toolkit.ids import uuid7


@pytest_asyncio.fixture
async def place(server: Postgres) -> str:
    """The address of a PostgreSQL database with nothing in it."""
    name = f"test_{uuid7().replace('-', '')}"
    await server.execute(f"CREATE DATABASE {name}")
    return server.url(name)


async def lived_in(world: World) -> tuple[UserId, ChatId]:
    await identify(world.database)
    ana, ben = await world.users("ana", "ben")
    chat_id = await world.group(ana, ben)
    for text in ("uno", "dos", "tres ñandúes 🦤"):
        said = await world.say(ana, chat_id, text)
    await world.react(ben, (chat_id, said), "👍")
    return ana, chat_id


def move_of(world: World, place: str) -> Move:
    return Move(Path(world.url.removeprefix("sqlite:///")), place, ignore, ignore)


async def facts(world: World) -> Mapping[str, str]:
    return await world.database.read(read_facts)


async def sums(world: World) -> Totals:
    return await world.database.scan(_survey)


def _survey(reader: Reader) -> Totals:
    return survey(reader, promotion.SHEETS, Sink())


async def test_it_moves_with_its_epoch_and_is_never_served_in_two_places(world: World, place: str):
    ana, chat_id = await lived_in(world)
    before, expected = await facts(world), await sums(world)
    copied = await copy(move_of(world, place))
    assert (copied.messages, copied.chats, copied.changed) == (3, 1, copied.rows)
    with pytest.raises(SchemaError, match="has not arrived"):
        async with installed(place):
            pass
    assert await facts(world) == before
    settled = await settle(move_of(world, place))
    assert settled == Copied(changed=0, rows=copied.rows, messages=3, chats=1)
    assert MOVED_TO in await facts(world)
    async with installed(place) as moved:
        assert await facts(moved) == before
        assert await sums(moved) == expected
        await moved.say(ana, chat_id, "cuatro")
        assert [event.seq for event in await moved.events(ana, chat_id)][-1] == 5
    with pytest.raises(Occupied, match="was moved to"):
        await settle(move_of(world, place))


async def test_what_changed_since_is_copied_again(world: World, place: str):
    ana, chat_id = await lived_in(world)
    await copy(move_of(world, place))
    page = await world.page(ana, chat_id)
    await world.edit(ana, (chat_id, page[0].message_id), "uno, corregido")
    await world.delete(ana, (chat_id, page[1].message_id))
    await world.say(ana, chat_id, "cuatro")
    expected, texts = await sums(world), await world.texts(ana, chat_id)
    done = await settle(move_of(world, place))
    assert 0 < done.changed < done.rows
    async with installed(place) as moved:
        assert await sums(moved) == expected
        assert await moved.texts(ana, chat_id) == texts


async def test_names_that_changed_hands_are_no_obstacle(world: World, place: str):
    await lived_in(world)
    await copy(move_of(world, place))
    for old, new in (("ana", "nobody"), ("ben", "ana"), ("nobody", "ben")):
        change = sa.update(users).where(users.c.username == old).values(username=new)
        await world.database.write(lambda tx, change=change: tx.run(change))
    expected = await sums(world)
    await settle(move_of(world, place))
    async with installed(place) as moved:
        assert await sums(moved) == expected


async def test_the_way_back_is_another_log(world: World, place: str):
    ana, chat_id = await lived_in(world)
    before, move = await facts(world), move_of(world, place)
    with pytest.raises(Occupied, match="nothing to undo"):
        undo(move.source)
    await settle(move)
    undo(move.source)
    async with installed(world.url) as back:
        assert (await identify(back.database)).log_epoch != before["log_epoch"]
        assert await back.texts(ana, chat_id) == ["uno", "dos", "tres ñandúes 🦤"]


async def test_what_is_not_equal_is_not_moved(
    world: World, place: str, monkeypatch: pytest.MonkeyPatch
):
    await lived_in(world)
    # Somebody empties a table of the copy after each of its merges.
    merge = promotion._merge

    def spoilt(move: Move, ends: promotion._Ends) -> tuple[Totals, Copied]:
        done = merge(move, ends)
        ends.writing.execute(sa.text("DELETE FROM messages"))
        ends.writing.commit()
        return done

    monkeypatch.setattr(promotion, "_merge", spoilt)
    with pytest.raises(Occupied, match="not equal: messages and 1 chats differ"):
        await settle(move_of(world, place))
    assert MOVED_TO not in await facts(world)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from uptc_messenger.database import copying, merging, promotion

merging._BATCH = 1
whole, left = getattr({module}, "{name}"), int(sys.argv[3])
def dying(*given):
    global left
    if (left := left - 1) < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*given)
{module}.{name} = dying
move = promotion.Move(Path(sys.argv[1]), sys.argv[2], *[lambda table, rows: None] * 2)
asyncio.run(promotion.settle(move))
"""


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [
        pytest.param("promotion", "_begin", 0, id="before anything"),
        pytest.param("copying", "add", 3, id="in the middle of the rows"),
        pytest.param("promotion", "_move_in", 0, id="before the move"),
        pytest.param("promotion", "_arrive", 0, id="after the old one was left"),
    ],
)
async def test_killed_it_harms_nothing_and_goes_on(
    world: World, place: str, module: str, name: str, after: int
):
    await lived_in(world)
    before, expected, move = await facts(world), await sums(world), move_of(world, place)
    program = KILLED.format(module=module, name=name)
    line = [sys.executable, "-c", program, str(move.source), place, str(after)]
    killed = await asyncio.to_thread(subprocess.run, line, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = await facts(world)
    assert {k: v for k, v in left.items() if k != MOVED_TO} == before
    assert (MOVED_TO in left) == (name == "_arrive")
    if name != "_begin":
        with pytest.raises(SchemaError, match="has not arrived"):
            async with installed(place):
                pass
    await settle(move)
    async with installed(place) as moved:
        assert (await facts(moved), await sums(moved)) == (before, expected)


async def test_a_database_that_holds_anything_else_is_refused(world: World, place: str):
    await lived_in(world)
    async with installed(place) as other:
        await identify(other.database)
    with pytest.raises(Occupied, match="another installation in this database"):
        await copy(move_of(world, place))
    async with installed(place) as other:
        mark = sa.insert(metadata.tables["installation"]).values(name=PROMOTION_OF, value="other")
        await other.database.write(lambda tx: tx.run(mark))
    with pytest.raises(Occupied, match="another installation in this database"):
        await copy(move_of(world, place))


async def test_tables_of_something_else_are_refused(world: World, place: str):
    await lived_in(world)
    await run_at(place, "CREATE TABLE grades (grade int)")
    with pytest.raises(Occupied, match="tables of something else"):
        await copy(move_of(world, place))


async def test_a_newer_schema_is_refused(world: World, place: str):
    await lived_in(world)
    async with installed(place):
        pass
    await run_at(place, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match="a newer version of uptc-messenger"):
        await copy(move_of(world, place))


async def test_nobody_at_the_address_is_said(world: World, tmp_path: Path):
    await lived_in(world)
    with pytest.raises(Unavailable, match="No database answers at"):
        await copy(move_of(world, f"postgresql://me:secret@/none?host={tmp_path}"))


async def test_what_was_never_served_has_nothing_to_move(world: World, place: str):
    with pytest.raises(Occupied, match="never served"):
        await copy(move_of(world, place))


async def test_two_at_once_are_refused(world: World, place: str):
    await lived_in(world)
    move = move_of(world, place)
    await copy(move)

    engine = engine_at_primary(sa.make_url(place), "test")
    async with engine.connect() as holder:
        await holder.execute(sa.text("SELECT pg_advisory_lock(8000002)"))
        with pytest.raises(Occupied, match="under way"):
            await copy(move)
    await engine.dispose()


async def run_at(place: str, statement: str) -> None:
    engine = engine_at_primary(sa.make_url(place), "test")
    async with engine.begin() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()
