"""Statements of the hot path: compiled once, and run on the driver's own cursor on SQLite.

SQLAlchemy builds a context, a dictionary of parameters and a result for every execution.
SQLite answers in a microsecond or two, so that is most of a statement's cost. What runs for
every message is therefore compiled by SQLAlchemy once and executed without it from then on.
On PostgreSQL, where plans and round trips are what costs, they take their rows as arrays.
"""

import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from uptc_messenger.database.arrays import insert_from, update_from
from uptc_messenger.database.types import ID

Convert = Callable[[Any], Any]
Rows = Sequence[tuple[Any, ...]]
_DRIVEN: Final = "sqlite"


class Write:
    """An INSERT or UPDATE, run once for each of a sequence of values by name.

    `columns` are those that an INSERT is given. An UPDATE of rows that are `held`, locked
    before in the same transaction, takes its rows as arrays on PostgreSQL; of others it must
    not, because an UPDATE with a join leaves out a row that another node has just changed.
    """

    def __init__(self, statement: sa.Insert | sa.Update, *columns: str, held: bool = False) -> None:
        self._statement = statement
        self._by_arrays = held or isinstance(statement, sa.Insert)
        self._columns = columns
        self._arrays: sa.Insert | sa.Update | None = None
        self._names: list[str] = []
        self._sql = ""
        self._fields: list[tuple[str, Convert]] = []

    def run(self, connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
        """Raises what SQLAlchemy would."""
        if not values:
            return
        if connection.dialect.name != _DRIVEN:
            if self._by_arrays:
                self._run_arrays(connection, values)
            else:
                connection.execute(self._statement, values)
            return
        if not self._sql:
            self._compile(connection.dialect)
        rows = [[convert(row[name]) for name, convert in self._fields] for row in values]
        try:
            _driver(connection).executemany(self._sql, rows)
        except sqlite3.Error as error:
            raise _told(self._sql, error) from error

    def _run_arrays(self, connection: sa.Connection, values: Sequence[dict[str, Any]]) -> None:
        if self._arrays is None:
            self._arrays = self._from_arrays(connection.dialect)
        columns = {name: [row[name] for row in values] for name in self._names}
        connection.execute(self._arrays, columns)

    def _from_arrays(self, dialect: sa.Dialect) -> sa.Insert | sa.Update:
        compiled = _compiled(self._statement.compile(dialect=dialect, column_keys=self._columns))
        types = {name: bind.type for name, bind in compiled.binds.items()}
        self._names = list(types)
        if isinstance(self._statement, sa.Insert):
            return insert_from(self._statement, types)
        return update_from(self._statement, types)

    def _compile(self, dialect: sa.Dialect) -> None:
        compiled = _compiled(self._statement.compile(dialect=dialect, column_keys=self._columns))
        names = compiled.positiontup or ()
        self._fields = [(name, _binder(compiled.binds[name].type, dialect)) for name in names]
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
        self._bind: Convert = _as_it_is

    def rows(self, connection: sa.Connection, keys: Collection[str | tuple[str, str]]) -> Rows:
        """The rows in the order of the columns; raises what SQLAlchemy would."""
        if connection.dialect.name != _DRIVEN:
            statement = self._statements[connection.dialect.name]
            return cast("Rows", connection.execute(statement, self._given(keys)).all())
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

    def _given(self, keys: Collection[str | tuple[str, str]]) -> dict[str, Any]:
        if self._by != "pairs":
            return {self._by: list(keys)}
        firsts, seconds = zip(*keys, strict=True)
        return {"firsts": list(firsts), "seconds": list(seconds)}

    def _compile(self, dialect: sa.Dialect, keys: Sequence[str | tuple[str, str]]) -> str:
        statement = self._statements[dialect.name]
        self._bind = _binder(ID, dialect)
        self._reads = [_reader(column.type, dialect) for column in statement.selected_columns]
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


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _compiled(compiled: sa.Compiled) -> SQLCompiler:
    return cast("SQLCompiler", compiled)


def _binder(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _reader(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:  # noqa: ANN401
    return value


def _told(sql: str, error: sqlite3.Error) -> BaseException:
    # As SQLAlchemy tells it, so that the store judges it like any other; without the values.
    return DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True)
