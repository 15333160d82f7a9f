"""The tables of files: what is stored, of which parts, for whom, and where it is shown.

`attachments` is of the chat side and says which message a file hangs on; `files.uses` counts
those rows and the picture that a file is. A file is let go of only where the count is 0, and
the count is part of the row that is then locked: neither engine can let go of one that is
being used at that moment.
"""

import sqlalchemy as sa

from uptc_messenger.database.columns import CLUSTERED, big, by, id_, text
from uptc_messenger.database.schema import metadata
from uptc_messenger.database.types import JSON

files = sa.Table(
    "files",
    metadata,
    id_("id", primary_key=True),
    id_("owner_id", nullable=False),
    id_("upload_id", nullable=False),
    text("purpose"),
    text("state"),
    text("name"),
    big("size"),
    big("received", default=0),
    text("key"),
    text("type", default=""),
    text("kind", default="file"),
    sa.Column("sha256", sa.LargeBinary(32), nullable=True),
    sa.Column("about", JSON, nullable=True),
    sa.Column("uses", sa.Integer, nullable=False, server_default=sa.text("0")),
    id_("picture_of", nullable=True),
    big("created_at"),
    big("touched_at"),
    sa.UniqueConstraint("owner_id", "upload_id"),
)
"""`state` is pending, ready or doomed; `touched_at` is when it last was given a part, became
ready, was last let go of, or doomed."""

_unused = sa.text("uses = 0")
sa.Index(
    "ix_files_unused",
    *(files.c.state, files.c.touched_at, files.c.id),
    sqlite_where=_unused,
    postgresql_where=_unused,
)

file_parts = sa.Table(
    "file_parts",
    metadata,
    id_("file_id", primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
    big("size"),
    text("object"),
    **CLUSTERED,
)

storage = sa.Table("storage", metadata, id_("user_id", primary_key=True), big("bytes"), **CLUSTERED)
"""What the files of a person take, those included that are only reserved."""

attachments = sa.Table(
    "attachments",
    metadata,
    id_("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    id_("file_id", nullable=False, index=True),
    text("kind"),
    sa.Index(None, "chat_id", "kind", "seq"),
    **by("chat_id"),
)
