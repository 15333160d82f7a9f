"""PostgreSQL: a statement on the driver's own cursor, compiled by SQLAlchemy once.

A statement of the hot path has one text for any number of rows (`arrays.py`), so nothing has to
be built again for an execution: neither a context, nor a result.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]
Rows = Sequence[tuple[Any, ...]]


class Driven:
    """One statement; parameters that are not given have the value that they have in it."""

    def __init__(self, statement: sa.Executable, dialect: sa.Dialect) -> None:
        compiled = cast("SQLCompiler", cast("Any", statement).compile(dialect=dialect))
        self._sql = compiled.string
        binds = [(name, compiled.binds[name]) for name in compiled.positiontup or ()]
        self._fields = [(name, binder(bind.type, dialect)) for name, bind in binds]
        self._constants = {name: bind.value for name, bind in binds if not bind.required}

    def run(self, connection: sa.Connection, values: Mapping[str, Any]) -> Rows:
        """Its rows as the driver has them; raises what SQLAlchemy would."""
        every = {**self._constants, **values}
        given = [convert(every[name]) for name, convert in self._fields]
        if not connection.in_transaction():
            connection.begin()  # as it would by itself
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, given)
            return cast("Rows", cursor.fetchall())
        except Exception as error:
            raise _told(connection, self._sql, error) from error
        finally:
            cursor.close()


def binder(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert:
    """What the driver wants for a value of this type."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def reader(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert:
    """What a value of this type is for us."""
    return kind.dialect_impl(dialect).result_processor(dialect, None) or _as_it_is


def _as_it_is(value: Any) -> Any:  # noqa: ANN401
    return value


def _told(connection: sa.Connection, sql: str, error: Exception) -> BaseException:
    # As SQLAlchemy tells it, so that the store judges it like any other; without the values.
    dialect = connection.dialect
    lost = dialect.is_disconnect(
        cast("Any", error), cast("Any", connection.connection.dbapi_connection), None
    )
    base = dialect.loaded_dbapi.Error
    if lost:
        connection.invalidate(error)
    if not isinstance(error, base):
        return error
    return DBAPIError.instance(
        sql, None, error, base, hide_parameters=True, connection_invalidated=lost
    )
