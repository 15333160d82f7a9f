"""The index of messages for search: a full-text index over terms that we make ourselves."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTITIONS = 8


def upgrade() -> None:
    op.create_table(
        "search_cursors",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_search_cursors"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgres()
    else:
        _upgrade_sqlite()


def _upgrade_sqlite() -> None:
    op.execute(
        "CREATE TABLE search_entries (place INTEGER PRIMARY KEY, chat_id BLOB NOT NULL, "
        "seq BIGINT NOT NULL, terms TEXT NOT NULL, "
        "CONSTRAINT uq_search_entries_chat_id_seq UNIQUE (chat_id, seq))"
    )
    # The terms are ours: no stemmer, no folding, no positions, no copy of the text.
    op.execute(
        "CREATE VIRTUAL TABLE search_terms USING fts5(terms, content='', columnsize=0, "
        "detail='none', tokenize=\"ascii tokenchars '.@#'\")"
    )


def _upgrade_postgres() -> None:
    # The key begins with seq: no plan may read all of a chat where the terms say which rows.
    op.execute(
        "CREATE TABLE search_entries (chat_id uuid NOT NULL, seq bigint NOT NULL, "
        "place bigint NOT NULL, terms tsvector NOT NULL, "
        "CONSTRAINT pk_search_entries PRIMARY KEY (seq, chat_id)) PARTITION BY HASH (chat_id)"
    )
    for part in range(PARTITIONS):
        op.execute(
            f"CREATE TABLE search_entries_p{part:02d} PARTITION OF search_entries "
            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
        )
    # A list of what is not yet in the index would be read by every search.
    op.execute(
        "CREATE INDEX ix_search_entries_terms ON search_entries USING gin (terms) "
        "WITH (fastupdate = off)"
    )
