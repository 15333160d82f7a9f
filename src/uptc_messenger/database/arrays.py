"""PostgreSQL: one statement for many rows, which come as arrays.

The text of a statement must not depend on how many rows there are: each text is planned anew,
over all partitions, and a plan costs more than a hundred rows.
"""

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import visitors

Types = Mapping[str, sa.types.TypeEngine[Any]]


def unnested(types: Types, prefix: str = "") -> sa.TableValuedAlias:
    """A table of the arrays that the parameters of these names, after `prefix`, hold."""
    binds = [
        sa.bindparam(prefix + name, type_=ARRAY(kind, dimensions=1)) for name, kind in types.items()
    ]
    columns = [sa.column(name, kind) for name, kind in types.items()]
    return sa.func.unnest(*binds).table_valued(*columns).render_derived()


def insert_from(statement: sa.Insert, types: Types, prefix: str = "") -> sa.Insert:
    """The INSERT of every row of the arrays; columns that have none take their defaults."""
    given = unnested(types, prefix)
    return statement.from_select(list(types), sa.select(*given.c), include_defaults=False)


def update_from(statement: sa.Update, types: Types, prefix: str = "") -> sa.Update:
    """The UPDATE with each parameter taken from the array of its name."""
    given = unnested(types, prefix)

    def replace(element: object, **_: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
        if isinstance(element, sa.BindParameter) and element.key in types:
            return given.c[element.key]
        return None

    return cast("sa.Update", visitors.replacement_traverse(statement, {}, replace))
