"""Tables that are made anew from the log at any time: no backup and no copy has them.

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
