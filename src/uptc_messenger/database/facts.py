"""What an operator wants to know of the database itself."""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import Record

_SCHEMA: Final = sa.text("SELECT version_num FROM alembic_version")
_SIZE: Final = {
    "sqlite": sa.text(
        "SELECT (SELECT page_count FROM pragma_page_count)"
        " * (SELECT page_size FROM pragma_page_size)"
    ),
    "postgresql": sa.text("SELECT pg_database_size(current_database())"),
}


class Facts(Record, frozen=True):
    """`kind` is `sqlite` or `postgresql`, `schema` the revision that it has."""

    kind: str
    size_bytes: int
    schema: str


def size(reader: Reader) -> int:
    """Bytes of the database, without its write-ahead log."""
    return reader.value(_SIZE[reader.dialect])


def facts(reader: Reader) -> Facts:
    """Read them."""
    return Facts(
        kind=reader.dialect,
        size_bytes=size(reader),
        schema=reader.value(_SCHEMA),
    )
