"""Several statements of the hot path in one round trip; on SQLite, which has none, in turn."""

import functools
from collections.abc import Sequence
from typing import Any, Final, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from uptc_messenger.database.driven import Convert, Driven, Rows, reader
from uptc_messenger.database.prepared import Keys, Lookup, Write, arrays_of

Select: TypeAlias = sa.Select[*tuple[Any, ...]]
Asked = tuple[Lookup, Keys]
Written = tuple[Write, Sequence[dict[str, Any]]]
_IN_TURN: Final = "sqlite"


class Lock:
    """A Lookup that locks rows, and one that finds the same rows by the same keys and does not.

    Both begin with the same columns: a row's id, and a number that every change to what is
    looked up beside it raises.
    """

    def __init__(self, held: Lookup, seen: Lookup) -> None:
        self.held = held
        self.seen = seen


def hold(
    connection: sa.Connection, lock: Lock, keys: Keys, asked: Sequence[Asked]
) -> tuple[Rows, Sequence[Rows]]:
    """Lock rows, then look up what nobody can change while they are locked.

    PostgreSQL reads all of a statement as it was when the statement began, also what comes after
    a wait for a lock. So the rows are read without their locks as well: where they are still as
    the locked ones, nobody was between, and what was looked up beside them is what it is now.
    Else all of it is looked up again, and this time the locks are held before it begins.
    """
    if not keys:
        return (), [()] * len(asked)
    if connection.dialect.name == _IN_TURN:
        return lock.held.rows(connection, keys), [look_up(connection, *one) for one in asked]
    wanted = [(at, *one) for at, one in enumerate(asked) if one[1]]
    trip = _trip((lock.held, lock.seen, *(lookup for _, lookup, _ in wanted)))
    given = [keys, keys, *(each for _, _, each in wanted)]
    held, seen, *found = trip.rows(connection, given)
    if {row[:2] for row in held} != {row[:2] for row in seen}:
        held, _, *found = trip.rows(connection, given)
    answers: list[Rows] = [()] * len(asked)
    for (at, _, _), rows in zip(wanted, found, strict=True):
        answers[at] = rows
    return held, answers


def look_up(connection: sa.Connection, lookup: Lookup, keys: Keys) -> Rows:
    """The rows of these keys; without a statement where there are none."""
    return lookup.rows(connection, keys) if keys else ()


def write(connection: sa.Connection, written: Sequence[Written]) -> None:
    """Run statements that do not see what the others write."""
    wanted = [(statement, rows) for statement, rows in written if rows]
    if connection.dialect.name == _IN_TURN:
        for statement, rows in wanted:
            statement.run(connection, rows)
    elif wanted:
        _round(tuple(statement for statement, _ in wanted)).run(
            connection, [rows for _, rows in wanted]
        )


class _Trip:
    """Look-ups as one UNION ALL; columns of one type share a place."""

    def __init__(self, lookups: Sequence[Lookup]) -> None:
        self._lookups = lookups
        self._driven: Driven | None = None
        self._reads: list[list[tuple[int, Convert]]] = []

    def rows(self, connection: sa.Connection, keys: Sequence[Keys]) -> list[Rows]:
        if self._driven is None:
            self._driven = Driven(self._union(connection.dialect), connection.dialect)
        given: dict[str, Any] = {}
        for at, (lookup, each) in enumerate(zip(self._lookups, keys, strict=True)):
            given |= lookup.arrays(each, _prefix(at))
        found: list[list[tuple[Any, ...]]] = [[] for _ in self._lookups]
        for row in self._driven.run(connection, given):
            number: int = row[0]
            reads = self._reads[number]
            found[number].append(tuple([read(row[place]) for place, read in reads]))
        return list(found)

    def _union(self, dialect: sa.Dialect) -> sa.CompoundSelect[*tuple[Any, ...]]:
        places: list[tuple[str, sa.types.TypeEngine[Any]]] = []
        parts = [each.statement(dialect.name) for each in self._lookups]
        laid = [_lay(part, places, dialect) for part in parts]
        self._reads = [
            [(at + 1, reader(column.type, dialect)) for at, column in _columns(part, order)]
            for part, order in zip(parts, laid, strict=True)
        ]
        return sa.union_all(*(_part(at, part, laid[at], places) for at, part in enumerate(parts)))


class _Round:
    """Writes as one statement; PostgreSQL carries out each though nobody reads from it."""

    def __init__(self, writes: Sequence[Write]) -> None:
        self._writes = writes
        self._driven: Driven | None = None

    def run(self, connection: sa.Connection, rows: Sequence[Sequence[dict[str, Any]]]) -> None:
        if self._driven is None:
            self._driven = Driven(self._statement(connection.dialect), connection.dialect)
        given: dict[str, Any] = {}
        for at, values in enumerate(rows):
            given |= arrays_of(values, _prefix(at))
        self._driven.run(connection, given)

    def _statement(self, dialect: sa.Dialect) -> sa.Insert | sa.Update:
        first, *others = [
            each.by_arrays(dialect, _prefix(at)) for at, each in enumerate(self._writes)
        ]
        named = [each.cte(f"write_{at}") for at, each in enumerate(others)]
        return first.add_cte(*named)


@functools.lru_cache(maxsize=32)
def _trip(lookups: tuple[Lookup, ...]) -> _Trip:
    return _Trip(lookups)


@functools.lru_cache(maxsize=32)
def _round(writes: tuple[Write, ...]) -> _Round:
    return _Round(writes)


def _prefix(at: int) -> str:
    return f"p{at}_"


def _lay(
    part: Select,
    places: list[tuple[str, sa.types.TypeEngine[Any]]],
    dialect: sa.Dialect,
) -> list[int]:
    """Where each column goes: the first place of its type that is free in this part."""
    order: list[int] = []
    for column in part.selected_columns:
        kind = column.type.compile(dialect=dialect)
        free = [at for at, (of, _) in enumerate(places) if of == kind and at not in order]
        if not free:
            free = [len(places)]
            places.append((kind, column.type))
        order.append(free[0])
    return order


def _columns(part: Select, order: Sequence[int]) -> list[tuple[int, sa.ColumnElement[Any]]]:
    return list(zip(order, part.selected_columns, strict=True))


def _part(
    number: int,
    part: Select,
    order: Sequence[int],
    places: Sequence[tuple[str, sa.types.TypeEngine[Any]]],
) -> Select:
    def rename(element: Any, **_: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        if isinstance(element, sa.BindParameter) and element.required:
            given = cast("sa.BindParameter[Any]", element)
            return sa.bindparam(_prefix(number) + given.key, type_=given.type)
        return None

    renamed = cast("Select", visitors.replacement_traverse(part, {}, rename))
    inner = renamed.cte(f"part_{number}")
    filled: dict[int, Any] = dict(zip(order, inner.c, strict=True))
    columns: list[Any] = [sa.literal_column(str(number)).label("part")]
    for at, (_, kind) in enumerate(places):
        columns.append(filled.get(at, sa.cast(sa.null(), kind)).label(f"c{at}"))
    return sa.select(*columns)
