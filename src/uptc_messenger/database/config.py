"""Where the database is, and the limits on its use."""

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from msgspec import Meta

from uptc_messenger.database.address import parse_url
from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Count, Patience


class DatabaseConfig(Record, frozen=True):
    """`url` is `sqlite:///path/to/file` or `postgresql://user:password@host:port,host:port/name`."""

    url: str
    queue_limit: Count = 10_000
    """Commands that may wait for the writer; beyond it they are refused as `overloaded`."""

    batch_limit: Count = 200
    """Commands in one commit: a hot chat holds the others for milliseconds at most."""

    commit_timeout_s: Patience = 10.0
    """After this long without an answer from the disk a command ends as `timeout`."""

    pool_size: Annotated[int, Meta(ge=1, le=1_000)] = 8
    """Connections for reading (PostgreSQL) or for long scans (SQLite)."""

    transaction_timeout_s: Patience = 5.0
    """PostgreSQL ends a transaction that takes longer, and gives its locks back."""

    def __post_init__(self) -> None:
        parse_url(self.url)

    @property
    def files(self) -> tuple[Path, ...]:
        """The file that is the database; none where it is a server of its own."""
        parts = urlsplit(self.url)
        return (Path(unquote(parts.path[1:])),) if parts.scheme == "sqlite" else ()
