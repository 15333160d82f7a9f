"""An installation moves from a file to PostgreSQL, and never lives in both.

Marks in `installation` say how far it is: `promotion_of` in the new database until it is proven
equal, `moved_to` in the old one from the proof on. Neither is served while it has its mark.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from uptc_messenger.database import copying
from uptc_messenger.database.address import parse_url, shown
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.dialing import Refused, engine_at_primary
from uptc_messenger.database.examine import examine, look
from uptc_messenger.database.installation import begin_another_log, read_facts
from uptc_messenger.database.merging import Merge, Progress, Watched
from uptc_messenger.database.migrate import (
    SchemaError,
    current_revision,
    diagnosis,
    pending,
    refusal,
    upgrade,
)
from uptc_messenger.database.moves import MOVED_TO, PROMOTION_OF
from uptc_messenger.database.rebuild import Occupied
from uptc_messenger.database.schema import installation, users
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.survey import Totals, survey
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.toolkit.clock import wall_clock

T = TypeVar("T")
_ATTEMPTS: Final = 3
_ID: Final = "installation_id"
_NOT_COPIED: Final = {"installation", "leases"}
"""Facts move last, when all else is proven; leases are of nodes that ran and say nothing."""

SHEETS: Final = tuple(sheet for sheet in copying.sheets() if sheet.name not in _NOT_COPIED)
"""The tables that are copied and compared."""
_TURN: Final = sa.text("SELECT pg_try_advisory_lock(8000002)")
_LATER: Final = sa.text("SET synchronous_commit = off")
_AT_ONCE: Final = sa.text("SET synchronous_commit = on")


class Copied(Record, frozen=True):
    """What the new database has, and how many rows of it were written now."""

    changed: int
    rows: int
    messages: int
    chats: int


@dataclass(frozen=True, slots=True)
class Move:
    """From where, to where, and who is told how far it is."""

    source: Path
    target: str
    progress: Progress
    proof: Progress
    """The same for the proof: how much of the copy has been read again."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """Two connections to the new database: one reads a snapshot while the other writes."""

    reading: sa.Connection
    writing: sa.Connection


async def copy(move: Move) -> Copied:
    """Make the new database as the old one is now, which may go on being written.

    Raises `Occupied` where the new one holds anything but an unfinished move of this
    installation; `SchemaError` or `Unavailable` where one of them cannot be used.
    """
    await _prepare(move)
    return await _at_target(move, partial(_copy, move))


async def settle(move: Move) -> Copied:
    """Copy what is left of a database that nobody writes to, prove it, and move in.

    The log goes on with its epoch: the proof says that every position means what it meant.
    """
    facts = await _prepare(move)
    return await _at_target(move, partial(_settle, move, facts))


async def sizes(source: Path) -> dict[str, int]:
    """How many rows each table has, in the order in which they are copied and compared."""

    def count(reader: Reader) -> dict[str, int]:
        tables = [sheet.name for sheet in SHEETS]
        counts = (sa.select(sa.func.count()).select_from(sa.table(name)) for name in tables)
        return {name: reader.value(query) for name, query in zip(tables, counts, strict=True)}

    return await examine(_config(f"sqlite:///{source}"), count)


def undo(source: Path) -> None:
    """Live in the old database again; positions of the new one mean nothing in it."""
    with _writing(source) as connection:
        tx = Transaction(connection, wall_clock())
        if MOVED_TO not in read_facts(tx):
            raise Occupied("This installation was not moved: there is nothing to undo.")
        begin_another_log(tx)


async def _prepare(move: Move) -> Mapping[str, str]:
    """What is known of the installation, whose new database is then ready to be filled."""
    facts = await examine(_config(f"sqlite:///{move.source}"), read_facts)
    if _ID not in facts:
        raise Occupied("This installation was never served: begin on PostgreSQL at once.")
    filling = await look(_config(move.target), partial(_is_filling, facts=facts))
    await upgrade(parse_url(move.target))
    if not filling:
        await _at_target(move, partial(_begin, facts[_ID]))
    return facts


def _config(url: str) -> DatabaseConfig:
    return DatabaseConfig(url=url)


def _is_filling(connection: sa.Connection, facts: Mapping[str, str]) -> bool:
    """Whether this move has begun; raises `Occupied` unless it has or nothing is there."""
    tables = sa.inspect(connection).get_table_names()
    if not tables:
        there: Mapping[str, str] = {}
    elif current_revision(connection) is None:
        raise Occupied("There are tables of something else in this database: name an empty one.")
    else:
        pending(connection)  # refuses the schema of a newer program
        there = read_facts(Reader(connection))
    if there.get(PROMOTION_OF) == facts[_ID]:
        return True
    if MOVED_TO in facts:
        raise Occupied(f"This installation was moved to {facts[MOVED_TO]} already.")
    if there or (tables and connection.execute(sa.select(users.c.id).limit(1)).first()):
        raise Occupied("There is another installation in this database: name an empty one.")
    return False


def _begin(installation_id: str, ends: _Ends) -> None:
    values = {"name": PROMOTION_OF, "value": installation_id}
    ends.writing.execute(sa.insert(installation).values(values))
    ends.writing.commit()


def _copy(move: Move, ends: _Ends) -> Copied:
    return _merge(move, ends)[1]


def _merge(move: Move, ends: _Ends) -> tuple[Totals, Copied]:
    merge = Merge(Reader(ends.reading), ends.writing, move.progress)
    engine = make_engine(move.source, writer=False)
    try:
        with engine.begin() as connection:
            totals = survey(Reader(connection), SHEETS, merge)
        merge.finish()
    finally:
        engine.dispose()
        ends.reading.rollback()
    rows = sum(table.rows for table in totals.tables.values())
    messages, chats = totals.tables["messages"].rows, len(totals.chats)
    return totals, Copied(changed=merge.changed, rows=rows, messages=messages, chats=chats)


def _settle(move: Move, facts: Mapping[str, str], ends: _Ends) -> Copied:
    changed, unequal = 0, ""
    for _ in range(_ATTEMPTS):
        totals, copied = _merge(move, ends)
        changed += copied.changed
        found = survey(Reader(ends.reading), SHEETS, Watched(move.proof))
        ends.reading.rollback()
        if found == totals:
            _move_in(move, facts, ends.writing)
            return msgspec.structs.replace(copied, changed=changed)
        unequal = _unequal(totals, found)
    raise Occupied(unequal)


def _unequal(expected: Totals, found: Totals) -> str:
    tables = [name for name, each in expected.tables.items() if found.tables.get(name) != each]
    chats = [chat for chat, each in expected.chats.items() if found.chats.get(chat) != each]
    return (
        f"The copy is not equal: {', '.join(tables) or 'no table'} and {len(chats)} chats differ. "
        "Nothing was moved. Does something else write to the new database?"
    )


def _move_in(move: Move, facts: Mapping[str, str], writing: sa.Connection) -> None:
    # In this order: whoever is interrupted between the two has none that is served, never two.
    with _writing(move.source) as connection:
        connection.execute(sa.delete(installation).where(installation.c.name == MOVED_TO))
        place = shown(parse_url(move.target))
        connection.execute(sa.insert(installation).values(name=MOVED_TO, value=place))
    _arrive(facts, writing)


def _arrive(facts: Mapping[str, str], writing: sa.Connection) -> None:
    writing.execute(_AT_ONCE)
    writing.execute(sa.delete(installation))
    moved = [{"name": k, "value": v} for k, v in facts.items() if k != MOVED_TO]
    writing.execute(sa.insert(installation), moved)
    writing.commit()


@contextmanager
def _writing(source: Path) -> Generator[sa.Connection, None, None]:
    engine = make_engine(source, writer=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


async def _at_target(move: Move, work: Callable[[_Ends], T]) -> T:
    url = parse_url(move.target)
    engine = engine_at_primary(url, "promotion")
    try:
        async with engine.connect() as reading, engine.connect() as writing:
            await reading.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            if not (await writing.execute(_TURN)).scalar_one():
                raise Occupied("Another promotion to this database is under way.")
            await writing.execute(_LATER)
            await writing.commit()
            return await reading.run_sync(_paired, writing, work)
    except DatabaseError as error:
        raise _failure(url, error) from error
    except (DBAPIError, *Refused) as error:
        raise refusal(url, error) from error
    finally:
        await engine.dispose()


def _paired(reading: sa.Connection, writing: AsyncConnection, work: Callable[[_Ends], T]) -> T:
    return work(_Ends(reading, writing.sync_connection or reading))


def _failure(url: sa.URL, error: DatabaseError) -> Exception:
    if error.connection_invalidated:
        return Unavailable(
            f"The database at {shown(url)} went away. Run the same command again to go on."
        )
    return SchemaError(diagnosis(url, error))
