"""Look-ups by many ids, and by pairs of ids, within what an engine takes in one statement."""

from collections.abc import Collection, Iterator
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.types import TupleType

from uptc_messenger.database.arrays import unnested
from uptc_messenger.database.transaction import Reader

T = TypeVar("T")
DIALECTS: Final = ("sqlite", "postgresql")
SLICE: Final = 1_000
"""Ids in one statement; engines take some 32,000 parameters."""


def each(
    reader: Reader, query: sa.Executable, ids: Collection[str], **values: object
) -> Iterator[sa.Row[Any]]:
    """Rows of `query` over all of `ids`, its parameter `ids` filled a slice at a time."""
    for part in slices(ids):
        yield from reader.all(query, {"ids": part, **values})


def slices(items: Collection[T]) -> Iterator[list[T]]:
    """The items in lists of at most `SLICE`."""
    listed = list(items)
    return (listed[at : at + SLICE] for at in range(0, len(listed), SLICE))


def in_pairs(dialect: str, first: sa.Column[Any], second: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """`(first, second)` is one of the pairs of the parameter `pairs`.

    SQLite searches its index for `IN (SELECT …)` but reads the whole table for
    `IN (VALUES …)`; two lists of ids would search their product. On PostgreSQL the pairs
    are two arrays, `firsts` and `seconds`.
    """
    if dialect != "sqlite":
        given = unnested({"firsts": first.type, "seconds": second.type})
        return sa.tuple_(first, second).in_(sa.select(*given.c))
    kinds = TupleType(first.type, second.type)
    pairs: sa.BindParameter[Any] = sa.bindparam("pairs", expanding=True, type_=kinds)
    # Columns of ours, no value of anybody else.
    clause = sa.text(f"({first}, {second}) IN (SELECT * FROM :pairs)")  # noqa: S608
    return sa.type_coerce(clause.bindparams(pairs), sa.Boolean)
