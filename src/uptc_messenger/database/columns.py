"""What columns are made of, and the metadata that tables join."""

from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database.types import ID

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
PARTITIONS: Final = 8
CLUSTERED: Final[dict[str, Any]] = {"sqlite_with_rowid": False}


def id_(name: str, **options: Any) -> sa.Column[str]:  # noqa: ANN401
    return sa.Column(name, ID, **options)


def big(name: str, *, nullable: bool = False, default: int | None = None) -> sa.Column[int]:
    text = None if default is None else sa.text(str(default))
    return sa.Column(name, sa.BigInteger, nullable=nullable, server_default=text)


def text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable, server_default=default)


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def by(column: str) -> dict[str, Any]:
    # PostgreSQL keeps 8 hash partitions from the first day: a unit to vacuum and to move.
    return {**CLUSTERED, "postgresql_partition_by": f"HASH ({column})"}
