"""Tables that say nothing of what people wrote: no backup and no copy has them.

The cursors of search are made anew from the log at any time; `writers` are nodes that run.

The index itself is not among them: FTS5 and `tsvector` are written in SQL, in the revision
that makes it and in the repository of search.
"""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.schema import metadata
from uptc_messenger.database.types import ID

derived: Final = sa.MetaData(naming_convention=metadata.naming_convention)

search_cursors = sa.Table(
    "search_cursors",
    derived,
    sa.Column("chat_id", ID, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

writers = sa.Table(
    "writers",
    derived,
    sa.Column("node", ID, primary_key=True),
    sa.Column("commits", sa.BigInteger, nullable=False),
    sa.Column("timeline", sa.Text, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
)
"""Nodes on PostgreSQL, and how often each has committed; `waits`: for a standby as well."""
