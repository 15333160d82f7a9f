"""Statements of the hot path: compiled once, and run on the driver's own cursor.

SQLAlchemy builds a context, a dictionary of parameters and a result for every execution.
SQLite answers in a microsecond or two, so that is most of a statement's cost. What runs for
every message is therefore compiled by SQLAlchemy once and executed without it from then on.
On PostgreSQL, where plans and round trips are what costs, they take their rows as arrays.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from uptc_messenger.database.arrays import insert_from, update_from
from uptc_messenger.database.driven import Convert, Driven, Rows, binder, reader
from uptc_messenger.database.types import ID

Statement: TypeAlias = sa.Insert | sa.Update
Keys: TypeAlias = Collection[str] | Collection[tuple[str, str]]
_DRIVEN: Final = "sqlite"


class Write:
    """An INSERT or UPDATE, run once for each of a sequence of values by name.

    It may be another for each engine. `columns` are those that an INSERT is given. On
    PostgreSQL an UPDATE must be of rows that are `held`, locked before in the same transaction:
    it takes its rows as arrays, and would leave out one that another node has just changed.
    """

    def __init__(
        self, statement: Statement | Mapping[str, Statement], *columns: str, held: bool = False
    ) -> None:
        self._statement = statement
        self._held = held
        self._columns = columns
        self._arrays: Driven | None = None
        self._sql = ""
        self._fields: list[tuple[str, Convert]] = []

    def run(self, connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
        """Raises what SQLAlchemy would."""
        if not values:
            return
        if connection.dialect.name != _DRIVEN:
            self._run_arrays(connection, values)
            return
        if not self._sql:
            self._compile(connection.dialect)
        rows = [[convert(row[name]) for name, convert in self._fields] for row in values]
        try:
            _driver(connection).executemany(self._sql, rows)
        except sqlite3.Error as error:
            raise _told(self._sql, error) from error

    def by_arrays(self, dialect: sa.Dialect, prefix: str = "") -> sa.Insert | sa.Update:
        """The statement for PostgreSQL; what its arrays are named begins with `prefix`."""
        statement = self._of(dialect)
        compiled = _compiled(statement.compile(dialect=dialect, column_keys=self._columns))
        names = self._columns or tuple(compiled.binds)
        types = {name: compiled.binds[name].type for name in names}
        if isinstance(statement, sa.Insert):
            return insert_from(statement, types, prefix)
        if not self._held:
            raise TypeError("an UPDATE of rows that are not held would leave some out")
        return update_from(statement, types, prefix)

    def _run_arrays(self, connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
        if self._arrays is None:
            self._arrays = Driven(self.by_arrays(connection.dialect), connection.dialect)
        self._arrays.run(connection, arrays_of(values))

    def _of(self, dialect: sa.Dialect) -> Statement:
        given = self._statement
        return given[dialect.name] if isinstance(given, Mapping) else given

    def _compile(self, dialect: sa.Dialect) -> None:
        statement = self._of(dialect)
        compiled = _compiled(statement.compile(dialect=dialect, column_keys=self._columns))
        names = compiled.positiontup or ()
        self._fields = [(name, binder(compiled.binds[name].type, dialect)) for name in names]
        self._sql = compiled.string


class Lookup:
    """A SELECT by many ids, or pairs of ids: the expanding parameter `by`, its only one.

    On PostgreSQL `by` is an array, and the pairs are the arrays `firsts` and `seconds`.
    """

    def __init__(self, statements: Mapping[str, sa.Select[*tuple[Any, ...]]], by: str) -> None:
        self._statements = statements
        self._by = by
        self._sql: dict[int, str] = {}
        self._reads: list[Convert] = []
        self._bind: Convert = str
        self._arrays: Driven | None = None
        self._columns: list[Convert] = []

    def rows(self, connection: sa.Connection, keys: Keys) -> Rows:
        """The rows in the order of the columns; raises what SQLAlchemy would."""
        if connection.dialect.name != _DRIVEN:
            return self._by_arrays(connection, keys)
        padded = _padded(list(keys))
        sql = self._sql.get(len(padded)) or self._compile(connection.dialect, padded)
        bind = self._bind
        values = [bind(part) for key in padded for part in _parts(key)]
        try:
            found = _driver(connection).execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _told(sql, error) from error
        reads = self._reads
        return [
            tuple([read(value) for read, value in zip(reads, row, strict=True)]) for row in found
        ]

    def statement(self, dialect: str) -> sa.Select[*tuple[Any, ...]]:
        """The SELECT for an engine."""
        return self._statements[dialect]

    def arrays(self, keys: Keys, prefix: str = "") -> dict[str, Any]:
        """The parameters of the SELECT for PostgreSQL."""
        if self._by != "pairs":
            return {prefix + self._by: list(keys)}
        firsts, seconds = zip(*keys, strict=True)
        return {f"{prefix}firsts": list(firsts), f"{prefix}seconds": list(seconds)}

    def _by_arrays(self, connection: sa.Connection, keys: Keys) -> Rows:
        dialect = connection.dialect
        if self._arrays is None:
            statement = self._statements[dialect.name]
            self._columns = [reader(column.type, dialect) for column in statement.selected_columns]
            self._arrays = Driven(statement, dialect)
        found = self._arrays.run(connection, self.arrays(keys))
        reads = self._columns
        return [
            tuple([read(value) for read, value in zip(reads, row, strict=True)]) for row in found
        ]

    def _compile(self, dialect: sa.Dialect, keys: Sequence[str | tuple[str, str]]) -> str:
        statement = self._statements[dialect.name]
        self._bind = binder(ID, dialect)
        self._reads = [reader(column.type, dialect) for column in statement.selected_columns]
        filled = statement.params({self._by: keys})
        compiled = filled.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._sql[len(keys)] = _compiled(compiled).string
        return self._sql[len(keys)]


def _padded(keys: list[str | tuple[str, str]]) -> list[str | tuple[str, str]]:
    # To a power of two, by repeating: eleven statements serve every size up to a thousand.
    wanted = 1 << (len(keys) - 1).bit_length()
    return keys + keys[-1:] * (wanted - len(keys))


def _parts(key: str | tuple[str, str]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def arrays_of(values: Sequence[dict[str, Any]], prefix: str = "") -> dict[str, Any]:
    """Rows by name as columns by name."""
    return {prefix + name: [row[name] for row in values] for name in values[0]}


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _compiled(compiled: sa.Compiled) -> SQLCompiler:
    return cast("SQLCompiler", compiled)


def _told(sql: str, error: sqlite3.Error) -> BaseException:
    # As SQLAlchemy tells it, so that the store judges it like any other; without the values.
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
