"""Every table as lines that are the same on both engines: for backups, and for moving house.

A line is a row as a JSON array, keys of objects sorted, ids as text, bytes in base64. Equal
rows have equal lines, so a hash of lines compares databases whatever engine they are in.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, Literal, assert_never

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from uptc_messenger.database.schema import metadata
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.database.types import ID, JSON
from uptc_messenger.models.base import Record

Kind = Literal["id", "json", "bytes", "bool", "int", "text"]
_BATCH: Final = 1_000
_encode: Final = msgspec.json.Encoder(order="sorted").encode
_TYPES: Final[Mapping[Kind, sa.types.TypeEngine[Any]]] = {
    "id": ID,
    "json": JSON,
    "bytes": sa.LargeBinary(),
    "bool": sa.Boolean(),
    "int": sa.BigInteger(),
    "text": sa.Text(),
}


class Sheet(Record, frozen=True):
    """The form of one table: its columns with what they hold, and those of its primary key."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]

    def position(self, column: str) -> int:
        """Where in a row this column is."""
        return [name for name, _ in self.columns].index(column)


def sheets() -> tuple[Sheet, ...]:
    """Every table of this program."""
    return tuple(_sheet(table) for table in metadata.sorted_tables)


def rows(reader: Reader, sheet: Sheet) -> Iterator[Sequence[Any]]:
    """Every row of a table in the order of its key, whatever its size."""
    return select_rows(reader, sheet, {})


def select_rows(
    reader: Reader, sheet: Sheet, equal: Mapping[str, object]
) -> Iterator[Sequence[Any]]:
    """The rows whose columns have these values, in the order of the key."""
    table = _table(sheet)
    query = sa.select(table).order_by(*(_sorting(reader, table.c[name]) for name in sheet.key))
    for name, value in equal.items():
        query = query.where(table.c[name] == value)
    return (tuple(row) for row in reader.stream(query))


def line(row: Sequence[Any]) -> bytes:
    """The one form of a row, without its end of line."""
    return _encode(row)


def clear(tx: Transaction, sheet: Sheet) -> None:
    """Delete every row of a table."""
    tx.run(sa.delete(_table(sheet)))


def load(tx: Transaction, sheet: Sheet, lines: Iterable[bytes]) -> None:
    """Insert rows from their lines; raises `ValueError` for what is no row of this table."""
    insert, parse = sa.insert(_table(sheet)), _parser(sheet)
    remaining = iter(lines)
    while batch := list(islice(remaining, _BATCH)):
        tx.run(insert, [parse(one) for one in batch])


def add(tx: Transaction, sheet: Sheet, lines: Sequence[bytes]) -> None:
    """Insert rows into PostgreSQL; one that collides with another is left out without a word."""
    if lines:
        parse = _parser(sheet)
        insert = postgresql.insert(_table(sheet)).on_conflict_do_nothing()
        tx.run(insert, [parse(one) for one in lines])


def delete(tx: Transaction, sheet: Sheet, lines: Sequence[bytes]) -> None:
    """Delete the rows that have the keys of these lines."""
    if lines:
        table, parse = _table(sheet), _parser(sheet)
        same = (
            table.c[name] == sa.bindparam(f"key_{name}", type_=table.c[name].type)
            for name in sheet.key
        )
        keys = [{f"key_{k}": row[k] for k in sheet.key} for row in map(parse, lines)]
        tx.run(sa.delete(table).where(*same), keys)


def sort_key(sheet: Sheet) -> Callable[[bytes], tuple[Any, ...]]:
    """Tells the key of a line; keys sort as `rows` does."""
    parse = _parser(sheet)

    def key(one: bytes) -> tuple[Any, ...]:
        row = parse(one)
        return tuple(row[name] for name in sheet.key)

    return key


def _parser(sheet: Sheet) -> Callable[[bytes], dict[str, Any]]:
    names = [name for name, _ in sheet.columns]
    binary = [name for name, kind in sheet.columns if kind == "bytes"]
    decode = msgspec.json.Decoder(list[Any]).decode

    def parse(one: bytes) -> dict[str, Any]:
        values = dict(zip(names, decode(one), strict=True))
        for name in binary:
            if values[name] is not None:
                values[name] = base64.b64decode(values[name])
        return values

    return parse


def _sheet(table: sa.Table) -> Sheet:
    columns: list[tuple[str, Kind]] = [(str(c.name), _kind(c)) for c in table.columns]
    key = tuple(str(column.name) for column in table.primary_key.columns)
    return Sheet(name=str(table.name), columns=tuple(columns), key=key)


def _kind(column: sa.Column[Any]) -> Kind:
    for kind, like in _TYPES.items():
        match kind:
            case "id" | "json":
                found = type(column.type) is type(like)
            case "bytes":
                found = isinstance(column.type, sa.LargeBinary)
            case "bool":
                found = isinstance(column.type, sa.Boolean)
            case "int":
                found = isinstance(column.type, sa.Integer)
            case "text":
                found = isinstance(column.type, sa.Text)
            case _:
                assert_never(kind)
        if found:
            return kind
    raise TypeError(f"{column} holds what no copy can carry")


def _table(sheet: Sheet) -> sa.TableClause:
    return sa.table(sheet.name, *(sa.column(name, _TYPES[kind]) for name, kind in sheet.columns))


def _sorting(reader: Reader, column: sa.ColumnClause[Any]) -> sa.ColumnElement[Any]:
    # By bytes, as SQLite does: the order of words would be that of the server's language.
    if reader.dialect == "postgresql" and isinstance(column.type, sa.Text):
        return sa.collate(column, "C")
    return column
