"""What a command holds while it reads or writes."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from uptc_messenger.database import together
from uptc_messenger.database.driven import Rows
from uptc_messenger.database.prepared import Keys, Lookup, Write
from uptc_messenger.database.together import Asked, Lock, Written
from uptc_messenger.models.events import Publication

_AT_ONCE: Final = 1_000
_POINT: Final = "command"
Values: TypeAlias = Mapping[str, Any]
Row: TypeAlias = sa.Row[Any]
"""Values by column name; only repositories know which columns."""


class Reader:
    """One consistent snapshot of the database."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def all(self, query: sa.Executable, values: Values | None = None) -> Sequence[Row]:
        """Every row of a query."""
        return self._connection.execute(query, values).all()

    def stream(self, query: sa.Executable) -> Iterator[Row]:
        """The rows of a query one after the other, never all of them in memory."""
        return iter(self._connection.execute(query.execution_options(yield_per=_AT_ONCE)))

    def first(self, query: sa.Executable, values: Values | None = None) -> Row | None:
        """The first row of a query, or nothing."""
        return self._connection.execute(query, values).first()

    def value(self, query: sa.Executable, values: Values | None = None) -> Any:  # noqa: ANN401
        """The first column of the first row, or None."""
        return self._connection.execute(query, values).scalar()

    def look_up(self, lookup: Lookup, keys: Keys) -> Rows:
        """The rows with these ids, or pairs of ids, as plain tuples; for the hot path."""
        return together.look_up(self._connection, lookup, keys)


class Transaction(Reader):
    """One command's changes; they and its announcements become real together.

    Only the lane commits. `now` is the same instant for everything in one commit.
    """

    def __init__(self, connection: sa.Connection, now: int) -> None:
        super().__init__(connection)
        self.now = now
        self._emitted: list[Publication] = []

    def run(self, statement: sa.Executable, values: Values | Sequence[Values] | None = None) -> int:
        """Execute once, or once for each of a sequence of values; returns the rows touched."""
        result = self._connection.execute(statement, values)
        return result.rowcount

    def add_absent(self, table: sa.Table, values: Values) -> bool:
        """Insert a row unless its key is taken, also by somebody who is about to commit it."""
        insert = sqlite.insert if self.dialect == "sqlite" else postgresql.insert
        return self.run(insert(table).on_conflict_do_nothing(), values) > 0

    def write(self, statement: Write, values: Sequence[dict[str, Any]]) -> None:
        """As `run`, for the hot path."""
        statement.run(self._connection, values)

    def hold(self, lock: Lock, keys: Keys, asked: Sequence[Asked]) -> tuple[Rows, Sequence[Rows]]:
        """Lock rows, and look up beside them what nobody can change while they are locked."""
        return together.hold(self._connection, lock, keys, asked)

    def write_all(self, written: Sequence[Written]) -> None:
        """As `write` for each of several that do not see what the others write."""
        together.write(self._connection, written)

    def emit(self, publication: Publication) -> None:
        """Announce after the commit, in the order of the calls; a rollback forgets it."""
        self._emitted.append(publication)

    @property
    def emitted(self) -> Sequence[Publication]:
        """What a commit would announce."""
        return self._emitted

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        """Changes in its `with` are undone when that raises; announcements are the lane's care."""
        # As text: the library's own are compiled anew each time, which took a third of a command.
        self._connection.exec_driver_sql(f"SAVEPOINT {_POINT}")
        try:
            yield
        except BaseException:
            if not self._connection.invalidated:
                self._connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {_POINT}")
                self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {_POINT}")
            raise
        self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {_POINT}")
